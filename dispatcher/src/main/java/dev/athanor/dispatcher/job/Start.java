package dev.athanor.dispatcher.job;

import java.time.Duration;
import java.time.Instant;

/** When a job may go into its queue. */
public sealed interface Start {
    /** Kafka keeps code and large arguments for eight days. */
    Duration LATEST = Duration.ofDays(7);

    /** As soon as it is submitted. */
    record Now() implements Start {}

    /** At that time, or at once where that is over. */
    record At(Instant time) implements Start {}

    /** So long after it was submitted. */
    record In(Duration delay) implements Start {}

    /** How long it waits from now on; not above 0: not at all. */
    default Duration after(Instant now) {
        return switch (this) {
            case Now _ -> Duration.ZERO;
            case At at -> Duration.between(now, at.time());
            case In in -> in.delay();
        };
    }
}
