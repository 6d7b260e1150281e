package dev.athanor.standalone.command;

import java.time.Duration;
import picocli.CommandLine.Option;

/** The option that says how long running calls may take to end when an agent is stopped. */
final class DrainOption {
    @Option(
            names = "--drain",
            paramLabel = "SECONDS",
            defaultValue = "${env:ATHANOR_DRAIN:-30}",
            description = {
                "How long running calls may go on after Ctrl-C or SIGTERM, while nothing more is taken.",
                "What has not ended by then is run again elsewhere. Default: ${DEFAULT-VALUE}."
            })
    private long seconds;

    Duration drain() {
        if (seconds < 0) {
            throw new IllegalArgumentException("--drain must be 0 or more, got " + seconds);
        }
        return Duration.ofSeconds(seconds);
    }
}
