package dev.athanor.agent.testing;

import dev.athanor.agent.Agent;
import dev.athanor.agent.AgentConfig;
import dev.athanor.api.AthanorClient;
import dev.athanor.api.CloudKeyCredentials;
import dev.athanor.embedded.BrokerSecurity;
import dev.athanor.embedded.EmbeddedKafka;
import dev.athanor.embedded.TlsFiles;
import dev.athanor.schemas.cluster.KeyAdmin;
import dev.athanor.schemas.keys.Credentials;
import dev.athanor.schemas.keys.KafkaAccess;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/** A broker that asks for keys, which tests share, and agents, keys and callers for it. */
public final class SecureCluster implements BeforeAllCallback {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private Secured secured;

    /** What is closed at the end of all tests. */
    record Secured(
            EmbeddedKafka kafka,
            BrokerSecurity security,
            Credentials operator,
            KeyAdmin keys,
            Path secretsKeyFile)
            implements AutoCloseable {
        static Secured start() {
            try {
                Path folder = Files.createTempDirectory("athanor-it-secured-");
                Credentials operator = KeyAdmin.operator();
                BrokerSecurity security =
                        new BrokerSecurity(
                                TlsFiles.in(folder.resolve("tls")), Set.of(operator.keyId()));
                EmbeddedKafka kafka =
                        EmbeddedKafka.startSecured(folder.resolve("kafka"), 0, security);
                KeyAdmin keys =
                        KeyAdmin.connect(kafka.internalAccess(), TIMEOUT, InstantSource.system());
                keys.registerOperator(operator, "");
                return new Secured(kafka, security, operator, keys, folder.resolve("secrets.key"));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }

        @Override
        public void close() {
            keys.close();
            kafka.close();
        }
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        Awaitility.setDefaultTimeout(Patience.LONG);
        secured =
                context.getRoot()
                        .getStore(Namespace.create(SecureCluster.class))
                        .computeIfAbsent("secured", key -> Secured.start(), Secured.class);
    }

    public String bootstrapServers() {
        return secured.kafka().bootstrapServers();
    }

    public EmbeddedKafka kafka() {
        return secured.kafka();
    }

    public Path authority() {
        return secured.security().authority();
    }

    public KeyAdmin keys() {
        return secured.keys();
    }

    public Credentials operator() {
        return secured.operator();
    }

    public AthanorClient.Builder client(Credentials key) {
        return AthanorClient.builder()
                .bootstrapServers(bootstrapServers())
                .certificateAuthority(authority())
                .credentials(new CloudKeyCredentials(key.keyId(), key.secret()));
    }

    /** Settings of Kafka clients of whoever has the key. */
    public Map<String, Object> settings(Credentials key) {
        Map<String, Object> settings =
                new HashMap<>(KafkaAccess.settings(key, Optional.of(authority())));
        settings.put("bootstrap.servers", bootstrapServers());
        return settings;
    }

    public Producer<byte[], byte[]> producer(Credentials key) {
        return new KafkaProducer<>(
                settings(key), new ByteArraySerializer(), new ByteArraySerializer());
    }

    public Agent agent(
            String id,
            Map<String, Integer> slots,
            Path folder,
            MeterRegistry registry,
            UnaryOperator<AgentConfig> change)
            throws InterruptedException {
        AgentConfig config =
                AgentConfig.of(id, bootstrapServers(), slots, folder)
                        .withSecretsKeyFile(secured.secretsKeyFile())
                        .withCredentials(
                                operator(),
                                KafkaAccess.settings(operator(), Optional.of(authority())));
        return Agent.start(change.apply(config), registry, InstantSource.system());
    }
}
