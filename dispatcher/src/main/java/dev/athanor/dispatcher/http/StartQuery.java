package dev.athanor.dispatcher.http;

import dev.athanor.dispatcher.job.Start;
import io.javalin.http.Context;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.OffsetDateTime;

/** Reads from a query when a job is to start. */
final class StartQuery {
    private StartQuery() {}

    /**
     * @throws ProblemException when it says something else than a time or a delay
     */
    static Start of(Context context) {
        String at = context.queryParam("at");
        if (at != null) {
            return at(at);
        }
        String delay = context.queryParam("delayMillis");
        if (delay == null) {
            return new Start.Now();
        }
        if (!delay.matches("\\d{1,12}")) {
            throw new ProblemException(
                    ProblemType.BAD_REQUEST,
                    "delayMillis must be a whole number, got '%s'".formatted(delay));
        }
        return new Start.In(Duration.ofMillis(Long.parseLong(delay)));
    }

    private static Start at(String text) {
        try {
            return new Start.At(OffsetDateTime.parse(text).toInstant());
        } catch (DateTimeException e) {
            throw new ProblemException(
                    ProblemType.BAD_REQUEST,
                    "at must be a time such as 2026-11-25T15:00:00Z, got '%s'".formatted(text),
                    e);
        }
    }
}
