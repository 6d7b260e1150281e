package dev.athanor.standalone.command;

import picocli.CommandLine.Option;

/** The option that says how much may wait. */
final class QueueBoundOption {
    @Option(
            names = "--max-queued-jobs",
            paramLabel = "N",
            defaultValue = "${env:ATHANOR_MAX_QUEUED_JOBS:-1000000}",
            description = {
                "How many jobs of a tenant may wait for one machine type, 1 or more: one more is refused, with"
                        + " HTTP 429. Members of batches wait in the database and do not count until they"
                        + " are queued. Default: ${DEFAULT-VALUE}."
            })
    private int jobs;

    int jobs() {
        if (jobs < 1) {
            throw new IllegalArgumentException("--max-queued-jobs must be 1 or more, got " + jobs);
        }
        return jobs;
    }
}
