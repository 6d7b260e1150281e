package dev.athanor.standalone.command;

import java.time.Duration;
import picocli.CommandLine.Option;

/** The option that says when an agent counts as dead. */
final class PatienceOption {
    @Option(
            names = "--agent-timeout",
            paramLabel = "SECONDS",
            defaultValue = "${env:ATHANOR_AGENT_TIMEOUT:-10}",
            description = {
                "How long an agent may go without a heartbeat, 2 or more. After that what it runs is run"
                        + " elsewhere, and an agent that is cut off from Kafka gives it up.",
                "The same for all agents and dispatchers of a cluster. Default: ${DEFAULT-VALUE}."
            })
    private long seconds;

    Duration patience() {
        if (seconds < 2) {
            throw new IllegalArgumentException("--agent-timeout must be 2 or more, got " + seconds);
        }
        return Duration.ofSeconds(seconds);
    }
}
