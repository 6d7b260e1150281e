package dev.athanor.examples;

import dev.athanor.agent.Agent;
import dev.athanor.agent.AgentConfig;
import dev.athanor.api.AthanorClient;
import dev.athanor.api.LocalHost;
import dev.athanor.embedded.EmbeddedKafka;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;

/** A cluster of one agent and a local host, for all tests of the module. */
record Places(Path folder, EmbeddedKafka kafka, Agent agent, AthanorClient cloud, LocalHost local)
        implements AutoCloseable {
    static Places open() {
        try {
            Path folder = Files.createTempDirectory("athanor-examples-");
            EmbeddedKafka kafka = EmbeddedKafka.start(folder.resolve("kafka"), 0);
            Agent agent =
                    Agent.start(
                            AgentConfig.of(
                                    "examples",
                                    kafka.bootstrapServers(),
                                    Map.of("XS", 2, "S", 1, "M", 1, "L", 1),
                                    folder.resolve("agent")),
                            new SimpleMeterRegistry(),
                            InstantSource.system());
            return new Places(
                    folder,
                    kafka,
                    agent,
                    AthanorClient.builder().bootstrapServers(kafka.bootstrapServers()).build(),
                    LocalHost.builder().cacheFolder(folder.resolve("cache")).build());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        cloud.close();
        local.close();
        agent.close();
        kafka.close();
    }
}
