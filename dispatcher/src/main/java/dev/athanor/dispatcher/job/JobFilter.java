package dev.athanor.dispatcher.job;

import dev.athanor.schemas.JobState;
import java.util.Optional;

/**
 * Which jobs a list has.
 *
 * @param function by name; empty: any
 * @param state empty: any
 */
public record JobFilter(Optional<String> function, Optional<JobState> state) {
    /** All jobs. */
    public static JobFilter any() {
        return new JobFilter(Optional.empty(), Optional.empty());
    }
}
