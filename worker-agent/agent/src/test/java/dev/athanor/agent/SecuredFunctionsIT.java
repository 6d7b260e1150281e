package dev.athanor.agent;

import static dev.athanor.api.Athanor.cloud;
import static dev.athanor.api.Athanor.host;
import static dev.athanor.api.Athanor.isolated;
import static dev.athanor.api.Athanor.secrets;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.athanor.agent.kafka.ClientSettings;
import dev.athanor.agent.secret.SecretName;
import dev.athanor.agent.secret.SecretStore;
import dev.athanor.agent.testing.Jobs;
import dev.athanor.agent.testing.Nest;
import dev.athanor.agent.testing.SecureCluster;
import dev.athanor.api.AthanorClient;
import dev.athanor.api.AthanorException;
import dev.athanor.api.InvalidFunctionException;
import dev.athanor.schemas.keys.Credentials;
import dev.athanor.schemas.keys.KafkaAccess;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What functions do beside returning, where only what is signed is believed. */
class SecuredFunctionsIT {
    @RegisterExtension static final SecureCluster CLUSTER = new SecureCluster();

    @TempDir private static Path agentFolder;
    private static Agent agent;
    private static AthanorClient acme;
    private static AthanorClient other;

    @TempDir private Path folder;

    @BeforeAll
    static void start() throws InterruptedException {
        agent =
                CLUSTER.agent(
                        "secured-functions",
                        Map.of("XS", 1),
                        agentFolder,
                        new SimpleMeterRegistry(),
                        UnaryOperator.identity());
        acme = CLUSTER.client(CLUSTER.keys().createForTenant("acme", "")).build();
        other = CLUSTER.client(CLUSTER.keys().createForTenant("other", "")).build();
    }

    @AfterAll
    static void stop() {
        acme.close();
        other.close();
        agent.close();
    }

    @Test
    void aFunctionCallsOthersForItsTenant() {
        assertThat(isolated(Nest::deep, host(cloud(acme))).call(2)).isEqualTo("2 1 bottom");
        assertThat(isolated(Nest::sumOfTwice, host(cloud(other))).call(5)).isEqualTo(20);
    }

    @Test
    void whatACancelledFunctionHasCalledIsStopped() {
        Path file = folder.resolve("inner");
        CompletableFuture<String> call =
                isolated(Nest::waitsForOne, host(cloud(acme))).submit(file.toString());
        await().atMost(Duration.ofSeconds(30)).until(() -> hasStarted(file));

        call.cancel(false);

        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(Files.readString(file)).contains("interrupted"));
    }

    private static boolean hasStarted(Path file) throws IOException {
        return Files.exists(file) && !Files.readString(file).isEmpty();
    }

    @Test
    void aSecretIsItsTenantsAlone() throws Exception {
        Credentials operator = CLUSTER.operator();
        ClientSettings clients =
                new ClientSettings(
                        CLUSTER.bootstrapServers(),
                        "secured-secrets-it",
                        KafkaAccess.settings(operator, Optional.of(CLUSTER.authority())));
        try (Consumer<byte[], byte[]> consumer = clients.follower("secrets");
                Producer<byte[], byte[]> producer = clients.producer()) {
            new SecretStore(consumer, producer, Duration.ofSeconds(10), InstantSource.system())
                    .set(new SecretName("acme", "TOKEN"), "opensesame");
        }

        await().untilAsserted(() -> assertThat(tokenOrWhyNot(acme)).isEqualTo("opensesame"));
        assertThatThrownBy(() -> token(other))
                .isInstanceOf(InvalidFunctionException.class)
                .hasMessageContaining("secret TOKEN is not set");
    }

    private static String tokenOrWhyNot(AthanorClient client) {
        try {
            return token(client);
        } catch (AthanorException e) {
            return e.toString();
        }
    }

    private static String token(AthanorClient client) {
        return isolated(Jobs::variable, secrets("TOKEN"), host(cloud(client))).call("TOKEN");
    }
}
