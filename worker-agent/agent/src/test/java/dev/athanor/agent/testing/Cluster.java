package dev.athanor.agent.testing;

import dev.athanor.agent.Agent;
import dev.athanor.agent.AgentConfig;
import dev.athanor.api.AthanorClient;
import dev.athanor.embedded.EmbeddedKafka;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/** The broker that all integration tests of this module share, and agents and callers for it. */
public final class Cluster implements BeforeAllCallback {
    private EmbeddedKafka kafka;
    private Path secretsKeyFile;

    @Override
    public void beforeAll(ExtensionContext context) {
        Awaitility.setDefaultTimeout(Patience.LONG);
        kafka =
                context.getRoot()
                        .getStore(Namespace.create(Cluster.class))
                        .computeIfAbsent("kafka", key -> startKafka(), EmbeddedKafka.class);
        secretsKeyFile =
                context.getRoot()
                        .getStore(Namespace.create(Cluster.class))
                        .computeIfAbsent(
                                "secrets", key -> folder("athanor-it-secrets-"), Path.class)
                        .resolve("secrets.key");
    }

    private static Path folder(String prefix) {
        try {
            return Files.createTempDirectory(prefix);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static EmbeddedKafka startKafka() {
        return EmbeddedKafka.start(folder("athanor-it-kafka-"), 0);
    }

    public String bootstrapServers() {
        return kafka.bootstrapServers();
    }

    /** The same for all agents, as it has to be. */
    public Path secretsKeyFile() {
        return secretsKeyFile;
    }

    public AthanorClient client() {
        return AthanorClient.builder().bootstrapServers(bootstrapServers()).build();
    }

    public Agent agent(String id, Map<String, Integer> slots, Path folder, MeterRegistry registry)
            throws InterruptedException {
        return agent(id, slots, folder, registry, config -> config);
    }

    public Agent agent(
            String id,
            Map<String, Integer> slots,
            Path folder,
            MeterRegistry registry,
            UnaryOperator<AgentConfig> change)
            throws InterruptedException {
        return Agent.start(
                change.apply(
                        AgentConfig.of(id, bootstrapServers(), slots, folder)
                                .withSecretsKeyFile(secretsKeyFile)),
                registry,
                InstantSource.system());
    }
}
