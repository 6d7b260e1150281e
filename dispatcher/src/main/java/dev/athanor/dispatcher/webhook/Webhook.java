package dev.athanor.dispatcher.webhook;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What became of telling an address that a job has ended.
 *
 * @param nextAt when it is tried next; empty: never
 */
public record Webhook(String url, State state, List<Attempt> attempts, Optional<Instant> nextAt) {
    public Webhook {
        attempts = List.copyOf(attempts);
    }

    /** Where it is. */
    public enum State {
        /** It is to be told, for the first time or again. */
        PENDING,
        /** It has taken the message. */
        DELIVERED,
        /** It has not, and is told no more. */
        FAILED
    }

    /**
     * One try.
     *
     * @param number from 1
     * @param status what HTTP answered; empty: nothing
     * @param problem why it was not delivered; empty: it was
     */
    public record Attempt(
            int number, Instant at, Optional<Integer> status, Optional<String> problem) {}
}
