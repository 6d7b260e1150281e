package dev.athanor.agent;

import static dev.athanor.api.Athanor.S;
import static dev.athanor.api.Athanor.cloud;
import static dev.athanor.api.Athanor.host;
import static dev.athanor.api.Athanor.isolated;
import static dev.athanor.api.Athanor.machineType;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.athanor.agent.testing.Cluster;
import dev.athanor.agent.testing.Jobs;
import dev.athanor.agent.testing.SecureCluster;
import dev.athanor.agent.testing.TopicReader;
import dev.athanor.api.AthanorClient;
import dev.athanor.api.CloudKeyCredentials;
import dev.athanor.api.IsolatedFunction;
import dev.athanor.api.Option;
import dev.athanor.api.UnauthorizedException;
import dev.athanor.schemas.Codec;
import dev.athanor.schemas.FailureCode;
import dev.athanor.schemas.Invocation;
import dev.athanor.schemas.InvocationEnvelope;
import dev.athanor.schemas.Reply;
import dev.athanor.schemas.Topics;
import dev.athanor.schemas.keys.Credentials;
import dev.athanor.schemas.keys.Signer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What callers with and without a key are told, and what agents do with those they trusted. */
class CredentialsIT {
    @RegisterExtension static final SecureCluster CLUSTER = new SecureCluster();
    @RegisterExtension static final Cluster OPEN_CLUSTER = new Cluster();

    /** Without waiting for anything: a client waits for a minute here. */
    private static final Duration AT_ONCE = Duration.ofSeconds(20);

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

    @TempDir private Path folder;

    @Test
    void aMissingKeyIsReportedAtOnce() {
        try (AthanorClient client =
                AthanorClient.builder()
                        .connectTimeout(Duration.ofMinutes(1))
                        .bootstrapServers(CLUSTER.bootstrapServers())
                        .build()) {
            assertUnauthorized(client, "asks for a key", "ATHANOR_KEY_ID");
        }
    }

    @Test
    void aKeyIsNotShownToAClusterWithoutTls() {
        try (AthanorClient client =
                AthanorClient.builder()
                        .bootstrapServers(OPEN_CLUSTER.bootstrapServers())
                        .credentials(new CloudKeyCredentials("acme.1", "secret"))
                        .build()) {
            assertUnauthorized(client, "has no TLS", "acme.1");
        }
    }

    @Test
    void anAuthorityThatIsNotKnownIsReportedAtOnce() throws Exception {
        Credentials key = CLUSTER.keys().createForTenant("acme", "");
        try (AthanorClient client =
                AthanorClient.builder()
                        .connectTimeout(Duration.ofMinutes(1))
                        .bootstrapServers(CLUSTER.bootstrapServers())
                        .credentials(new CloudKeyCredentials(key.keyId(), key.secret()))
                        .build()) {
            assertUnauthorized(client, "certificate is not trusted here", "ATHANOR_CA");
        }
    }

    @Test
    void aWrongSecretIsReportedWithoutAStorm() throws Exception {
        Credentials key = CLUSTER.keys().createForTenant("acme", "");
        Credentials wrong = new Credentials(key.keyId(), "a wrong secret");
        try (AthanorClient client = CLUSTER.client(wrong).build()) {
            double before = CLUSTER.kafka().failedLogins();

            assertUnauthorized(client, key.keyId(), "its secret is wrong, or it was revoked");
            IntStream.range(0, 500)
                    .forEach(call -> assertUnauthorized(client, "its secret is wrong"));

            assertThat(CLUSTER.kafka().failedLogins() - before).isBetween(1.0, 3.0);
        }
    }

    @Test
    void aRevokedKeyIsRefusedByThoseWhoHaveLetItIn() throws Exception {
        Credentials key = CLUSTER.keys().createForTenant("acme", "");
        try (Agent agent = agent("revoking");
                AthanorClient client = CLUSTER.client(key).build()) {
            assertThat(hello(client).call()).isEqualTo("Hello World");

            CLUSTER.keys().revoke(key.keyId());

            assertUnauthorized(client, "revoked");
            assertThat(agent.isReady()).isTrue();
        }
    }

    /** Its record got in before, or by whoever else: the agent alone decides. */
    @Test
    void agentsRefuseARevokedKeysSignatureAtOnce() throws Exception {
        Credentials key = CLUSTER.keys().createForTenant("gone", "");
        try (Agent agent = agent("refusing");
                AthanorClient client = CLUSTER.client(key).build();
                TopicReader queue = operatorReader(Topics.invocations(S));
                Producer<byte[], byte[]> operator = CLUSTER.producer(CLUSTER.operator())) {
            assertThat(hello(client).call()).isEqualTo("Hello World");
            InvocationEnvelope envelope =
                    Codec.current().decode(queue.all().getLast().value(), InvocationEnvelope.class);
            Invocation another =
                    Invocation.newBuilder(invocation(envelope))
                            .setCorrelationId(UUID.randomUUID().toString())
                            .build();
            CLUSTER.keys().revoke(key.keyId());

            byte[] bytes = Codec.current().encode(another);
            operator.send(
                            new ProducerRecord<>(
                                    Topics.invocations(S),
                                    Codec.current()
                                            .encode(
                                                    InvocationEnvelope.newBuilder()
                                                            .setInvocation(ByteBuffer.wrap(bytes))
                                                            .setSignature(
                                                                    Signer.of(
                                                                                    key,
                                                                                    InstantSource
                                                                                            .system())
                                                                            .sign(bytes))
                                                            .build())))
                    .get(30, TimeUnit.SECONDS);

            Reply reply = reply("gone", another.getCorrelationId());
            assertThat(reply.getFailure().getCode()).isEqualTo(FailureCode.UNAUTHORIZED);
            assertThat(reply.getFailure().getMessage()).contains(key.keyId(), "revoked");
            assertThat(
                            meters.find("athanor.refused.records")
                                    .tags("reason", "revoked_key")
                                    .counter()
                                    .count())
                    .isEqualTo(1);
            assertThat(agent.isReady()).isTrue();
        }
    }

    /** Its caller's signature stays, and the agent that puts it back vouches for the rest. */
    @Test
    void whatAnAgentPutsBackRunsOnTheNext() throws Exception {
        Credentials key = CLUSTER.keys().createForTenant("acme", "");
        Path runs = folder.resolve("runs");
        Path goOn = folder.resolve("go-on");
        try (AthanorClient client = CLUSTER.client(key).build()) {
            CompletableFuture<String> call;
            try (Agent first = agent("first")) {
                call =
                        isolated(Jobs::markAndWaitFor, at(client), machineType(S))
                                .submit(runs.toString(), goOn.toString());
                await().until(() -> Files.exists(runs));
                assertThat(first.isReady()).isTrue();
            }
            Files.createFile(goOn);
            try (Agent second = agent("second")) {
                assertThat(call.get(60, TimeUnit.SECONDS)).isEqualTo("ran");
                assertThat(second.isReady()).isTrue();
            }
            assertThat(Files.readAllLines(runs)).hasSize(2);
            assertThat(meters.find("athanor.refused.records").counter()).isNull();
        }
    }

    private Agent agent(String id) throws InterruptedException {
        return CLUSTER.agent(
                id,
                Map.of(S, 1),
                folder.resolve(id),
                meters,
                config -> config.withDrain(Duration.ZERO));
    }

    private static void assertUnauthorized(AthanorClient client, String... messageParts) {
        long begin = System.nanoTime();
        assertThatExceptionOfType(UnauthorizedException.class)
                .isThrownBy(() -> hello(client).call())
                .satisfies(e -> assertThat(e.getMessage()).contains(messageParts))
                .satisfies(e -> assertThat(e.isRetriable()).isFalse());
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(AT_ONCE);
    }

    private static IsolatedFunction<String> hello(AthanorClient client) {
        return isolated(Jobs::hello, at(client), machineType(S));
    }

    private static Option at(AthanorClient client) {
        return host(cloud(client));
    }

    private static Reply reply(String tenant, String correlationId) {
        try (TopicReader replies = operatorReader(Topics.replies(tenant))) {
            return Codec.current()
                    .decode(
                            replies.first(record ->
                                            new String(record.key(), StandardCharsets.UTF_8)
                                                    .equals(correlationId))
                                    .value(),
                            Reply.class);
        }
    }

    private static TopicReader operatorReader(String topic) {
        return new TopicReader(CLUSTER.settings(CLUSTER.operator()), topic);
    }

    private static Invocation invocation(InvocationEnvelope envelope) {
        ByteBuffer buffer = envelope.getInvocation();
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return Codec.current().decode(bytes, Invocation.class);
    }
}
