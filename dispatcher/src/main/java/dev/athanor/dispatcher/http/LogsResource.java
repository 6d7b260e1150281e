package dev.athanor.dispatcher.http;

import dev.athanor.dispatcher.job.JobLog;
import dev.athanor.dispatcher.job.Jobs;
import io.javalin.http.Context;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.Semaphore;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Log lines of jobs as server-sent events: those that there are, and then each as it comes, until
 * the job has ended. Safe for any number of threads.
 */
final class LogsResource {
    private static final int MOST_READERS = 100;
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration LAST_POLL = Duration.ofMillis(50);

    /** Well below what proxies and our own idle limit take for a dead connection. */
    private static final Duration HEARTBEAT = Duration.ofSeconds(10);

    private static final String LAST_EVENT_ID = "Last-Event-ID";

    private final Supplier<Jobs> keptJobs;
    private final LongSupplier ticker;

    /** Each has a consumer. */
    private final Semaphore room = new Semaphore(MOST_READERS);

    /**
     * @param jobs throws where none are kept
     * @param ticker nanoseconds of a clock that never goes back
     */
    LogsResource(Supplier<Jobs> jobs, LongSupplier ticker) {
        this.keptJobs = jobs;
        this.ticker = ticker;
    }

    List<Route> routes() {
        return List.of(Route.get("/v1/jobs/{id}/logs", this::logs));
    }

    private void logs(Context context, Requester requester)
            throws InterruptedException, IOException {
        String tenant = requester.tenant(context);
        String id = context.pathParam("id");
        OptionalLong after = position(context.header(LAST_EVENT_ID));
        Jobs jobs = keptJobs.get();
        boolean follows = follows(context.queryParam("follow"));
        if (!room.tryAcquire()) {
            throw new ProblemException(
                    ProblemType.UNAVAILABLE, "%d others read logs already".formatted(MOST_READERS));
        }
        try (JobLog log =
                jobs.logs(tenant, id, after)
                        .orElseThrow(() ->
                                new ProblemException(
                                        ProblemType.NOT_FOUND,
                                        "there is no job '%s'".formatted(id)))) {
            EventStream events = new EventStream(context);
            write(log, events, () -> !follows || jobs.isEnded(tenant, id));
            events.event("end", Map.of("ended", jobs.isEnded(tenant, id)));
        } finally {
            room.release();
        }
    }

    /** Whether to stop where the log ends now. */
    @FunctionalInterface
    private interface End {
        boolean isReached();
    }

    private void write(JobLog log, EventStream events, End end)
            throws IOException, InterruptedException {
        long spokeAt = ticker.getAsLong();
        while (!Thread.interrupted()) {
            // Asked first: what came before the end is then read after it.
            boolean isEnd = end.isReached();
            List<JobLog.Part> parts = log.read(isEnd ? LAST_POLL : POLL);
            for (JobLog.Part part : parts) {
                events.event(part.position(), "lines", LinesAnswer.of(part.lines()));
                spokeAt = ticker.getAsLong();
            }
            events.flush();
            if (isEnd && log.isAtEnd()) {
                return;
            }
            if (ticker.getAsLong() - spokeAt > HEARTBEAT.toNanos()) {
                events.heartbeat();
                spokeAt = ticker.getAsLong();
            }
        }
        throw new InterruptedException();
    }

    private static OptionalLong position(@Nullable String text) {
        if (text == null || text.isBlank()) {
            return OptionalLong.empty();
        }
        if (!text.matches("\\d{1,18}")) {
            throw new ProblemException(
                    ProblemType.BAD_REQUEST, LAST_EVENT_ID + " is none of this log");
        }
        return OptionalLong.of(Long.parseLong(text));
    }

    private static boolean follows(@Nullable String text) {
        return switch (text == null ? "true" : text) {
            case "true" -> true;
            case "false" -> false;
            default ->
                    throw new ProblemException(ProblemType.BAD_REQUEST, "follow is true or false");
        };
    }
}
