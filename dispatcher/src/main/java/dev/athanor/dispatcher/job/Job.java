package dev.athanor.dispatcher.job;

import dev.athanor.schemas.JobState;
import java.time.Instant;
import java.util.Optional;

/**
 * A job as the ledger has it.
 *
 * @param attempt the present or last one, from 1
 * @param createdAt by its caller's clock
 * @param changedAt when it came into its state, by an agent's clock
 * @param startedAt when its function was last called, as far as is known
 * @param agent that has or had it; empty: none
 * @param failureCode why it did not succeed; empty: it did, or has not ended
 * @param message what went wrong; empty: nothing
 * @param resultExpiresAt until when its result is kept; empty: it has not ended
 */
public record Job(
        String id,
        String function,
        String machineType,
        JobState state,
        int attempt,
        Instant createdAt,
        Instant changedAt,
        Optional<Instant> startedAt,
        Optional<String> agent,
        Optional<String> failureCode,
        String message,
        Optional<Instant> resultExpiresAt) {

    /** Whether it has ended: nothing of it changes any more. */
    public boolean isEnded() {
        return isEnd(state);
    }

    /** Whether it is an end. */
    public static boolean isEnd(JobState state) {
        return switch (state) {
            case QUEUED, BUILDING, STARTING, RUNNING, RETRYING, SCHEDULED, UNKNOWN -> false;
            case SUCCEEDED, FAILED, TIMED_OUT, CANCELLED, EXPIRED, LOST -> true;
        };
    }
}
