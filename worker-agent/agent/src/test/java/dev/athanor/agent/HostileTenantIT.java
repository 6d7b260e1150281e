package dev.athanor.agent;

import static dev.athanor.api.Athanor.M;
import static dev.athanor.api.Athanor.cloud;
import static dev.athanor.api.Athanor.host;
import static dev.athanor.api.Athanor.isolated;
import static dev.athanor.api.Athanor.keepAlive;
import static dev.athanor.api.Athanor.machineType;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.athanor.agent.testing.Jobs;
import dev.athanor.agent.testing.SecureCluster;
import dev.athanor.agent.testing.TopicReader;
import dev.athanor.api.AthanorClient;
import dev.athanor.api.Option;
import dev.athanor.api.UnauthorizedException;
import dev.athanor.schemas.Cancellation;
import dev.athanor.schemas.Codec;
import dev.athanor.schemas.DeadLetter;
import dev.athanor.schemas.DeadLetterReason;
import dev.athanor.schemas.FailureCode;
import dev.athanor.schemas.Invocation;
import dev.athanor.schemas.InvocationEnvelope;
import dev.athanor.schemas.Reply;
import dev.athanor.schemas.Signature;
import dev.athanor.schemas.SignedEnvelope;
import dev.athanor.schemas.Topics;
import dev.athanor.schemas.keys.Credentials;
import dev.athanor.schemas.keys.Signer;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.AuthorizationException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A tenant with a valid key of its own tries what it must not succeed in. */
class HostileTenantIT {
    @RegisterExtension static final SecureCluster CLUSTER = new SecureCluster();

    private static final SimpleMeterRegistry METERS = new SimpleMeterRegistry();

    @TempDir private static Path agentFolder;
    private static Agent agent;
    private static Credentials victim;
    private static Credentials evil;

    @TempDir private Path folder;
    private AthanorClient victimClient;
    private AthanorClient evilClient;
    private Producer<byte[], byte[]> evilProducer;

    @BeforeAll
    static void start() throws Exception {
        victim = CLUSTER.keys().createForTenant("victim", "");
        evil = CLUSTER.keys().createForTenant("evil", "");
        agent =
                CLUSTER.agent(
                        "secured",
                        Map.of(M, 2),
                        agentFolder,
                        METERS,
                        config -> config.withWarmRouting(false));
    }

    @AfterAll
    static void stop() {
        agent.close();
    }

    @BeforeEach
    void connect() {
        victimClient = CLUSTER.client(victim).build();
        evilClient = CLUSTER.client(evil).build();
        evilProducer = CLUSTER.producer(evil);
    }

    @AfterEach
    void close() {
        victimClient.close();
        evilClient.close();
        evilProducer.close();
    }

    @Test
    void tenantsShareNoSandbox() {
        Option[] hot = {machineType(M), keepAlive(60)};

        long ofVictim = isolated(Jobs::processId, hot).on(at(victimClient)).call();
        long ofEvil = isolated(Jobs::processId, hot).on(at(evilClient)).call();

        assertThat(isolated(Jobs::processId, hot).on(at(victimClient)).call())
                .isEqualTo(ofVictim)
                .isNotEqualTo(ofEvil);
    }

    @Test
    void itCannotCallAsAnother() throws Exception {
        Invocation own = invocation(call(evilClient, "own"));
        Path runs = runs("own");
        long before = Files.readAllLines(runs).size();
        byte[] forged = encoded(renamed(own));
        Signature signature = signer(evil).sign(forged);
        Signature asVictim =
                new Signature(victim.keyId(), signature.getAt(), signature.getSignature());

        refuses("wrong_signature", envelope(forged, asVictim));
        refuses("unsigned", envelope(forged, null));
        refuses("unknown_key", envelope(forged, signer(new Credentials("x.1", "x")).sign(forged)));
        refuses(
                "forged",
                InvocationEnvelope.newBuilder(envelope(forged, signature))
                        .setTenant("victim")
                        .build());
        assertThat(Files.readAllLines(runs)).hasSize((int) before);
    }

    @Test
    void whatAnotherSignedCannotBeChanged() throws Exception {
        InvocationEnvelope stolen = call(victimClient, "victims");
        Path runs = runs("victims");
        Invocation changed = renamed(invocation(stolen));

        refuses("wrong_signature", envelope(encoded(changed), stolen.getSignature()));
        assertThat(Files.readAllLines(runs)).hasSize(1);
    }

    @Test
    void nothingRunsTwice() throws Exception {
        InvocationEnvelope stolen = call(victimClient, "victims");
        InvocationEnvelope own = call(evilClient, "own");

        refuses("replayed", stolen);
        refuses("replayed", own);
        byte[] again = encoded(invocation(own));
        refuses("replayed", envelope(again, signer(evil).sign(again)));
        byte[] old = encoded(renamed(invocation(own)));
        Instant longAgo = Instant.now().minus(Duration.ofMinutes(10));
        refuses("stale", envelope(old, Signer.of(evil, InstantSource.fixed(longAgo)).sign(old)));
        assertThat(Files.readAllLines(runs("victims"))).hasSize(1);
        assertThat(Files.readAllLines(runs("own"))).hasSize(1);
    }

    @Test
    void itCannotSpeakAsAnAgent() throws Exception {
        byte[] fresh = encoded(renamed(invocation(call(evilClient, "own"))));
        InvocationEnvelope signed = envelope(fresh, signer(evil).sign(fresh));

        refuses("forged", InvocationEnvelope.newBuilder(signed).setAttempt(3).build());
        refuses("forged", InvocationEnvelope.newBuilder(signed).setHops(1).build());
        refuses(
                "wrong_signature",
                InvocationEnvelope.newBuilder(signed).setSeal(signer(evil).sign(fresh)).build());
    }

    @Test
    void repliesGoToItsOwnTopicOnly() throws Exception {
        Invocation own = renamed(invocation(call(evilClient, "own")));
        byte[] addressed =
                encoded(
                        Invocation.newBuilder(own)
                                .setReplyPartition(3)
                                .setWantsLogs(false)
                                .build());
        write(envelope(addressed, signer(evil).sign(addressed)));

        try (TopicReader evils = reader(Topics.replies("evil"));
                TopicReader victims = reader(Topics.replies("victim"))) {
            ConsumerRecord<byte[], byte[]> reply =
                    evils.first(record -> key(record).equals(own.getCorrelationId()));
            assertThat(reply.partition()).isEqualTo(3);
            assertThat(victims.all())
                    .noneMatch(record -> key(record).equals(own.getCorrelationId()));
        }
    }

    /** It knows what the victim's code hashes to, and where that lies. */
    @Test
    void itGetsNoCodeOfAnother() throws Exception {
        Credentials thief = CLUSTER.keys().createForTenant("thief", "");
        Invocation asking = renamed(invocation(call(victimClient, "victims")));
        byte[] bytes = encoded(asking);

        write(envelope(bytes, signer(thief).sign(bytes)));

        assertThat(reply("thief", asking).getFailure().getCode()).isEqualTo(FailureCode.BLOB_GONE);
        assertThat(Files.readAllLines(runs("victims"))).hasSize(1);
    }

    @Test
    void itCannotCancelAnothersCall() throws Exception {
        Path started = folder.resolve("started");
        Path goOn = folder.resolve("go-on");
        CompletableFuture<String> running =
                isolated(Jobs::markAndWaitFor, at(victimClient), machineType(M))
                        .submit(started.toString(), goOn.toString());
        await().until(() -> Files.exists(started));
        String id = invocation(latest()).getCorrelationId();
        double before = refused("cancellation", "other_tenant");
        double unsignedBefore = refused("cancellation", "unsigned");

        cancel(id, evil);
        cancel(id, null);

        await().until(() -> refused("cancellation", "other_tenant") > before);
        // What an operator does for one tenant harms no other whose call has the same id.
        cancel(id, CLUSTER.operator(), "evil");
        await().until(() -> refused("cancellation", "other_tenant") > before + 1);
        await().until(() -> refused("cancellation", "unsigned") > unsignedBefore);
        Files.createFile(goOn);
        assertThat(running.get(30, TimeUnit.SECONDS)).isEqualTo("ran");
    }

    @Test
    void itReadsNoTopicsOfOthers() {
        double before = CLUSTER.kafka().deniedRequests();
        for (String topic :
                List.of(
                        Topics.replies("victim"),
                        Topics.blobs("victim"),
                        Topics.invocations(M),
                        Topics.DEAD_LETTERS)) {
            assertThatThrownBy(() -> new TopicReader(CLUSTER.settings(evil), topic).all())
                    .isInstanceOf(AuthorizationException.class);
        }
        assertThat(CLUSTER.kafka().deniedRequests() - before).isGreaterThanOrEqualTo(4);
        try (AthanorClient asVictim = CLUSTER.client(evil).tenant("victim").build()) {
            assertThatThrownBy(() -> isolated(Jobs::hello, at(asVictim), machineType(M)).call())
                    .isInstanceOf(UnauthorizedException.class)
                    .hasMessageContaining("athanor.replies.victim");
        }
    }

    /** Makes a call that notes its run, and returns its record. */
    private InvocationEnvelope call(AthanorClient client, String name) {
        assertThat(
                        isolated(Jobs::markAndRun, at(client), machineType(M))
                                .call(runs(name).toString(), Duration.ZERO))
                .isEqualTo("ran");
        return latest();
    }

    private Path runs(String name) {
        return folder.resolve("runs-" + name);
    }

    private InvocationEnvelope latest() {
        try (TopicReader queue = reader(Topics.invocations(M))) {
            return Codec.current().decode(queue.all().getLast().value(), InvocationEnvelope.class);
        }
    }

    private void refuses(String reason, InvocationEnvelope envelope) throws Exception {
        double before = refused("invocation", reason);
        write(envelope);
        await().until(() -> refused("invocation", reason) > before);
        byte[] value = Codec.current().encode(envelope);
        try (TopicReader letters = reader(Topics.DEAD_LETTERS)) {
            ConsumerRecord<byte[], byte[]> record =
                    letters.first(each -> letter(each).getValue().equals(ByteBuffer.wrap(value)));
            assertThat(letter(record).getReason()).isEqualTo(DeadLetterReason.UNAUTHORIZED);
        }
    }

    private void write(InvocationEnvelope envelope) throws Exception {
        String id = invocation(envelope).getCorrelationId();
        evilProducer
                .send(
                        new ProducerRecord<>(
                                Topics.invocations(M),
                                id.getBytes(StandardCharsets.UTF_8),
                                Codec.current().encode(envelope)))
                .get(30, TimeUnit.SECONDS);
    }

    private void cancel(String id, Credentials by) throws Exception {
        cancel(id, by, "");
    }

    private void cancel(String id, Credentials by, String tenant) throws Exception {
        byte[] content = Codec.current().encode(new Cancellation(id, 0L, tenant));
        SignedEnvelope envelope =
                new SignedEnvelope(
                        ByteBuffer.wrap(content), by == null ? null : signer(by).sign(content));
        evilProducer
                .send(new ProducerRecord<>(Topics.CANCELLATIONS, Codec.current().encode(envelope)))
                .get(30, TimeUnit.SECONDS);
    }

    private Reply reply(String tenant, Invocation invocation) {
        try (TopicReader replies = reader(Topics.replies(tenant))) {
            return Codec.current()
                    .decode(
                            replies.first(record ->
                                            key(record).equals(invocation.getCorrelationId()))
                                    .value(),
                            Reply.class);
        }
    }

    private static TopicReader reader(String topic) {
        return new TopicReader(CLUSTER.settings(CLUSTER.operator()), topic);
    }

    private static double refused(String kind, String reason) {
        Counter counter =
                METERS.find("athanor.refused.records")
                        .tags("kind", kind, "reason", reason)
                        .counter();
        return counter == null ? 0 : counter.count();
    }

    private static Option at(AthanorClient client) {
        return host(cloud(client));
    }

    private static Signer signer(Credentials credentials) {
        return Signer.of(credentials, InstantSource.system());
    }

    private static InvocationEnvelope envelope(byte[] invocation, Signature signature) {
        return InvocationEnvelope.newBuilder()
                .setInvocation(ByteBuffer.wrap(invocation))
                .setSignature(signature)
                .build();
    }

    private static Invocation renamed(Invocation invocation) {
        return Invocation.newBuilder(invocation)
                .setCorrelationId(UUID.randomUUID().toString())
                .build();
    }

    private static Invocation invocation(InvocationEnvelope envelope) {
        return Codec.current().decode(bytes(envelope.getInvocation()), Invocation.class);
    }

    private static byte[] encoded(Invocation invocation) {
        return Codec.current().encode(invocation);
    }

    private static DeadLetter letter(ConsumerRecord<byte[], byte[]> record) {
        return Codec.current().decode(record.value(), DeadLetter.class);
    }

    private static String key(ConsumerRecord<byte[], byte[]> record) {
        return record.key() == null ? "" : new String(record.key(), StandardCharsets.UTF_8);
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }
}
