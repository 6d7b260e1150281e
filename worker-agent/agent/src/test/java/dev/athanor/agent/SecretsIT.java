package dev.athanor.agent;

import static dev.athanor.api.Athanor.cloud;
import static dev.athanor.api.Athanor.host;
import static dev.athanor.api.Athanor.isolated;
import static dev.athanor.api.Athanor.machineType;
import static dev.athanor.api.Athanor.secrets;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.athanor.agent.kafka.ClientSettings;
import dev.athanor.agent.secret.SecretName;
import dev.athanor.agent.secret.SecretStore;
import dev.athanor.agent.testing.Cluster;
import dev.athanor.agent.testing.Jobs;
import dev.athanor.agent.testing.Nest;
import dev.athanor.api.AthanorClient;
import dev.athanor.api.InvalidFunctionException;
import dev.athanor.api.Option;
import dev.athanor.api.StartFailedException;
import dev.athanor.schemas.Topics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Secrets from their setting to the functions that ask for them. */
class SecretsIT {
    @RegisterExtension static final Cluster CLUSTER = new Cluster();

    private static final String VALUE = "opensesame-4711";

    @TempDir private static Path agentFolder;
    private static Agent agent;
    private static AthanorClient client;
    private static Option here;
    private static Consumer<byte[], byte[]> consumer;
    private static Producer<byte[], byte[]> producer;
    private static SecretStore store;

    @BeforeAll
    static void start() throws InterruptedException {
        agent = CLUSTER.agent("secrets", Map.of("XS", 1), agentFolder, new SimpleMeterRegistry());
        client = CLUSTER.client();
        here = host(cloud(client));
        ClientSettings clients =
                new ClientSettings(CLUSTER.bootstrapServers(), "secrets-it", Map.of());
        consumer = clients.follower("secrets");
        producer = clients.producer();
        store = new SecretStore(consumer, producer, Duration.ofSeconds(10), InstantSource.system());
    }

    @AfterAll
    static void stop() {
        consumer.close();
        producer.close();
        client.close();
        agent.close();
    }

    private static void set(String name, String value) throws InterruptedException {
        store.set(new SecretName("default", name), value);
    }

    private static String variable(String name, Option... options) {
        return isolated(Jobs::variable, here).on(options).call(name);
    }

    @Test
    void aFunctionFindsTheSecretsThatItNamesAndNoOthers() throws Exception {
        set("NAMED", VALUE);
        set("OTHER", "x");

        await().ignoreExceptions()
                .untilAsserted(
                        () -> assertThat(variable("NAMED", secrets("NAMED"))).isEqualTo(VALUE));
        assertThat(variable("OTHER", secrets("NAMED"))).isNull();
        assertThat(variable("NAMED")).isNull();
        assertThat(isolated(Jobs::commandLine, secrets("NAMED"), here).call())
                .contains("SandboxMain")
                .doesNotContain(VALUE);
    }

    @Test
    void aSecretThatIsNotSetIsNamedWithTheCommandThatSetsIt() {
        assertThatThrownBy(() -> variable("MISSING", secrets("MISSING")))
                .isInstanceOf(InvalidFunctionException.class)
                .hasMessageContaining("secret MISSING is not set")
                .hasMessageContaining("athanor secrets set MISSING");
    }

    @Test
    void aSecretThatIsChangedReachesTheNextCall() throws Exception {
        set("CHANGED", "before");
        await().ignoreExceptions()
                .untilAsserted(() ->
                        assertThat(variable("CHANGED", secrets("CHANGED"))).isEqualTo("before"));

        set("CHANGED", "after");

        await().untilAsserted(() ->
                assertThat(variable("CHANGED", secrets("CHANGED"))).isEqualTo("after"));
    }

    @Test
    void aSecretThatIsDeletedIsGone() throws Exception {
        set("DELETED", VALUE);
        await().ignoreExceptions()
                .untilAsserted(
                        () -> assertThat(variable("DELETED", secrets("DELETED"))).isEqualTo(VALUE));
        assertThat(store.list("default")).containsKey("DELETED");

        assertThat(store.delete(new SecretName("default", "DELETED"))).isTrue();

        assertThat(store.list("default")).doesNotContainKey("DELETED");
        assertThat(store.delete(new SecretName("default", "DELETED"))).isFalse();
        await().untilAsserted(() ->
                assertThatThrownBy(() -> variable("DELETED", secrets("DELETED")))
                        .isInstanceOf(InvalidFunctionException.class));
    }

    @Test
    void aNestedFunctionHasSecretsOfItsOwn() throws Exception {
        set("NESTED", VALUE);

        await().ignoreExceptions()
                .untilAsserted(() ->
                        assertThat(isolated(Nest::variableOfAnother, here).call("NESTED"))
                                .isEqualTo("null " + VALUE));
    }

    @Test
    void secretsOfAnotherTenantAreNotFound() throws Exception {
        store.set(new SecretName("other", "THEIRS"), VALUE);

        assertThatThrownBy(() -> variable("THEIRS", secrets("THEIRS")))
                .isInstanceOf(InvalidFunctionException.class);
        assertThat(store.list("default")).doesNotContainKey("THEIRS");
        assertThat(store.list("other")).containsOnlyKeys("THEIRS");
    }

    @Test
    void nothingThatRestsInKafkaOrOnDiskShowsAValue() throws Exception {
        set("RESTING", VALUE);

        assertThat(records()).isNotEmpty().noneMatch(text -> text.contains(VALUE));
        assertThat(Files.readString(CLUSTER.secretsKeyFile())).doesNotContain(VALUE);
    }

    private static List<String> records() {
        List<String> all = new ArrayList<>();
        List<TopicPartition> partitions =
                List.of(
                        new TopicPartition(Topics.SECRETS, 0),
                        new TopicPartition(Topics.SECRETS_KEY, 0));
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        await().until(() -> {
            consumer.poll(Duration.ofMillis(200))
                    .forEach(record -> {
                        if (record.value() != null) {
                            all.add(new String(record.value(), StandardCharsets.ISO_8859_1));
                        }
                    });
            return consumer.endOffsets(partitions).entrySet().stream()
                    .allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
        });
        return all;
    }

    @Test
    void anAgentWithoutTheKeySaysSo(@TempDir Path other) throws Exception {
        set("UNREADABLE", VALUE);
        try (Agent second =
                        CLUSTER.agent(
                                "secrets-2",
                                Map.of("L", 1),
                                other,
                                new SimpleMeterRegistry(),
                                config -> config.withSecretsKeyFile(other.resolve("secrets.key")));
                AthanorClient caller = CLUSTER.client()) {
            assertThat(second.isReady()).isTrue();
            await().ignoreExceptionsMatching(InvalidFunctionException.class::isInstance)
                    .untilAsserted(() ->
                            assertThatThrownBy(() ->
                                            isolated(
                                                            Jobs::variable,
                                                            machineType("L"),
                                                            secrets("UNREADABLE"),
                                                            host(cloud(caller)))
                                                    .call("UNREADABLE"))
                                    .isInstanceOf(StartFailedException.class)
                                    .hasMessageContaining("has no key for secrets"));
            assertThat(other.resolve("secrets.key")).doesNotExist();
        }
    }
}
