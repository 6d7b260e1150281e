package dev.athanor.standalone;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What an all-in-one process is.
 *
 * @param dataFolder of Kafka and the agent, made when missing; survives restarts
 * @param port of Kafka, 0 to 65535; 0 takes a free one
 * @param metricsPort of the HTTP endpoint, 0 to 65535; 0 takes a free one
 * @param agent what its agent is
 * @param secure whether Kafka asks for keys
 * @param jobs how jobs are kept and asked for; empty: they are not
 */
public record StandaloneConfig(
        Path dataFolder,
        int port,
        int metricsPort,
        AgentSettings agent,
        boolean secure,
        Optional<JobsConfig> jobs) {
    /** On free ports, without keys and jobs. */
    public static StandaloneConfig of(Path dataFolder, AgentSettings agent) {
        return new StandaloneConfig(dataFolder, 0, 0, agent, false, Optional.empty());
    }

    public StandaloneConfig secured() {
        return new StandaloneConfig(dataFolder, port, metricsPort, agent, true, jobs);
    }
}
