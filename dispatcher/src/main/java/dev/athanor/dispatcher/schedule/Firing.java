package dev.athanor.dispatcher.schedule;

import java.time.Instant;
import java.util.Optional;

/**
 * What became of a time of a schedule.
 *
 * @param fireAt the time
 * @param decidedAt when a dispatcher saw to it
 * @param job its id; empty: it was skipped
 */
public record Firing(Instant fireAt, Kind kind, Instant decidedAt, Optional<String> job) {
    /** Why it came. */
    public enum Kind {
        /** Its time had come. */
        TIME,
        /** Somebody asked for it. */
        BY_HAND,
        /** Its time had come while no dispatcher was there, and it was passed over. */
        SKIPPED
    }
}
