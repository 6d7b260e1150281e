package dev.athanor.dispatcher.http;

import dev.athanor.dispatcher.job.Submission;
import io.javalin.http.Context;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Answers those who submitted something. */
final class Submissions {
    private static final Pattern IDEMPOTENCY_KEY = Pattern.compile("[!-~]{1,255}");

    private Submissions() {}

    /**
     * The key under which the request is one job however often it is sent.
     *
     * @throws ProblemException when it can be none
     */
    static Optional<String> idempotencyKey(Context context) {
        Optional<String> key = Optional.ofNullable(context.header("Idempotency-Key"));
        if (key.isPresent() && !IDEMPOTENCY_KEY.matcher(key.get()).matches()) {
            throw new ProblemException(
                    ProblemType.BAD_REQUEST,
                    "an Idempotency-Key has 1 to 255 characters of ASCII, and no spaces");
        }
        return key;
    }

    /**
     * Tells the id of the job that it became.
     *
     * @throws ProblemException when it was refused
     */
    static void answer(Context context, Submission submission) {
        switch (submission) {
            case Submission.Accepted accepted -> {
                context.header("Location", "/v1/jobs/" + accepted.id()).status(202);
                context.contentType("application/json")
                        .result(Answers.json(Map.of("id", accepted.id())));
            }
            case Submission.Refused refused ->
                    throw new ProblemException(type(refused.reason()), refused.message());
        }
    }

    static ProblemType type(Submission.Reason reason) {
        return switch (reason) {
            case INVALID -> ProblemType.BAD_REQUEST;
            case UNKNOWN_MACHINE_TYPE -> ProblemType.UNKNOWN_MACHINE_TYPE;
            case TOO_LARGE -> ProblemType.TOO_LARGE;
            case QUEUE_FULL -> ProblemType.QUEUE_FULL;
            case UNAUTHORIZED -> ProblemType.FORBIDDEN;
            case KEY_REUSED -> ProblemType.IDEMPOTENCY_KEY_REUSED;
        };
    }
}
