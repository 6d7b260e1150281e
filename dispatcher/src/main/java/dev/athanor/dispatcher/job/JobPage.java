package dev.athanor.dispatcher.job;

import java.util.List;
import java.util.Optional;

/**
 * A part of a list.
 *
 * @param jobs the newest first, by the times that their ids begin with
 * @param next the cursor that the list goes on after; empty: this is its end
 */
public record JobPage(List<JobSummary> jobs, Optional<String> next) {
    public JobPage {
        jobs = List.copyOf(jobs);
    }
}
