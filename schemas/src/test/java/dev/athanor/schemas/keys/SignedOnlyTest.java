package dev.athanor.schemas.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.athanor.schemas.Cancellation;
import dev.athanor.schemas.Codec;
import dev.athanor.schemas.InvocationEnvelope;
import dev.athanor.schemas.KeyRecord;
import dev.athanor.schemas.KeyRole;
import dev.athanor.schemas.Signature;
import dev.athanor.schemas.SignedEnvelope;
import dev.athanor.schemas.Topics;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is believed, and what a tenant with a key of its own may try. */
class SignedOnlyTest {
    private static final Instant NOW = Instant.ofEpochSecond(1_800_000_000);
    private static final Credentials ACME = new Credentials("acme.1", "secret of acme");
    private static final Credentials EVIL = new Credentials("evil.1", "secret of evil");
    private static final Credentials AGENT = new Credentials("operator.1", "secret of agents");
    private static final Credentials OTHER_AGENT = new Credentials("operator.2", "another secret");
    private static final byte[] CALL = "what acme calls".getBytes(StandardCharsets.UTF_8);
    private static final byte[] OTHER_CALL = "something else".getBytes(StandardCharsets.UTF_8);

    private final List<Refusal> refused = new ArrayList<>();
    private final FakeKeys topic = new FakeKeys();
    private KeyDirectory keys;
    private SignedOnly trust;

    @BeforeEach
    void open() {
        keys = KeyDirectory.follow(topic.consumer());
        topic.add(key(ACME, KeyRole.TENANT, "acme"));
        topic.add(key(EVIL, KeyRole.TENANT, "evil"));
        topic.add(key(AGENT, KeyRole.OPERATOR, ""));
        topic.add(key(OTHER_AGENT, KeyRole.OPERATOR, ""));
        trust = new SignedOnly(keys, signer(AGENT), this::refuse);
    }

    private void refuse(String kind, Refusal reason) {
        assertThat(kind).isIn("invocation", "cancellation");
        refused.add(reason);
    }

    @AfterEach
    void close() {
        keys.close();
    }

    @Test
    void aCallIsItsSignersWhateverItSays() {
        assertThat(trust.caller(record(1), signed(ACME, CALL), "id-1").tenant()).isEqualTo("acme");
        assertThat(trust.caller(record(2), signed(EVIL, CALL), "id-1").tenant()).isEqualTo("evil");
        assertThat(refused).isEmpty();
    }

    @Test
    void whatNobodySignedIsRefused() {
        refuses(Refusal.UNSIGNED, record(1), envelope(CALL, null));
    }

    @Test
    void aKeyOfNobodyIsRefused() {
        refuses(Refusal.UNKNOWN_KEY, record(1), signed(new Credentials("acme.2", "x"), CALL));
    }

    @Test
    void aKeyThatWasMadeThisMomentIsKnown() {
        Credentials fresh = new Credentials("acme.3", "fresh");
        topic.add(key(fresh, KeyRole.TENANT, "acme"));

        assertThat(trust.caller(record(1), signed(fresh, CALL), "id").tenant()).isEqualTo("acme");
    }

    @Test
    void anothersSignatureIsNotMadeByNamingItsKey() {
        Signature own = signer(EVIL).sign(CALL);
        Signature renamed = new Signature(ACME.keyId(), own.getAt(), own.getSignature());
        refuses(Refusal.WRONG_SIGNATURE, record(1), envelope(CALL, renamed));

        Signature acmes = signer(ACME).sign(CALL);
        refuses(Refusal.WRONG_SIGNATURE, record(2), envelope(OTHER_CALL, acmes));
        refuses(
                Refusal.WRONG_SIGNATURE,
                record(3),
                envelope(CALL, new Signature(ACME.keyId(), 0L, acmes.getSignature())));
        refuses(
                Refusal.WRONG_SIGNATURE,
                record(4),
                envelope(CALL, new Signature(ACME.keyId(), own.getAt(), ByteBuffer.allocate(3))));
    }

    @Test
    void aRevokedKeyIsRefusedButItsTenantIsTold() {
        KeyRecord revoked =
                KeyRecord.newBuilder(key(ACME, KeyRole.TENANT, "acme"))
                        .setRevokedAt(NOW.toEpochMilli())
                        .build();
        topic.add(revoked);
        assertThat(keys.awaitCaughtUp(Duration.ofSeconds(10))).isTrue();

        Caller caller = trust.caller(record(1), signed(ACME, CALL), "id");

        assertThat(caller).isEqualTo(new Caller("acme", Optional.of("acme.1")));
        assertThat(refused).containsExactly(Refusal.REVOKED_KEY);
    }

    @Test
    void whatWasSignedLongBeforeItCameIsRefused() {
        InvocationEnvelope envelope = signed(ACME, CALL);

        refuses(Refusal.STALE, record(1, Duration.ofMinutes(3)), envelope);
        refuses(Refusal.STALE, record(2, Duration.ofMinutes(-3)), envelope);
        refuses(Refusal.STALE, stampedByItsWriter(), envelope);
        assertThat(trust.caller(record(3, Duration.ofMinutes(1)), envelope, "id").tenant())
                .isEqualTo("acme");
    }

    @Test
    void theSameRecordTwiceIsRefusedAndARedeliveryIsNot() {
        InvocationEnvelope envelope = signed(ACME, CALL);
        trust.caller(record(1), envelope, "id");
        trust.caller(record(1), envelope, "id");

        assertThatThrownBy(() -> trust.caller(record(2), envelope, "id"))
                .isInstanceOfSatisfying(
                        RefusedException.class,
                        e -> assertThat(e.reason()).isEqualTo(Refusal.REPLAYED));
        assertThat(refused).containsExactly(Refusal.REPLAYED);
    }

    @Test
    void onlyAnOperatorSaysWhatHappenedOnTheWay() {
        refuses(
                Refusal.FORGED,
                record(1),
                InvocationEnvelope.newBuilder(signed(ACME, CALL)).setAttempt(3).build());
        refuses(
                Refusal.FORGED,
                record(2),
                InvocationEnvelope.newBuilder(signed(EVIL, CALL)).setTenant("acme").build());
        InvocationEnvelope tampered =
                InvocationEnvelope.newBuilder(trust.sealed(signed(ACME, CALL)))
                        .setLossesBeforeStart(9)
                        .build();
        refuses(Refusal.WRONG_SIGNATURE, record(3), tampered);
        SignedOnly evil = new SignedOnly(keys, signer(EVIL), this::refuse);
        refuses(Refusal.WRONG_ROLE, record(4), evil.sealed(signed(EVIL, CALL)));
        refuses(Refusal.WRONG_ROLE, record(5), signed(AGENT, CALL));
    }

    @Test
    void whatAnAgentPutsBackStaysItsCallersHoweverLongItStoodInTheQueue() {
        InvocationEnvelope next =
                InvocationEnvelope.newBuilder(signed(ACME, CALL, NOW.minus(Duration.ofDays(6))))
                        .setAttempt(2)
                        .setLostAgents(List.of("agent-1"))
                        .build();
        SignedOnly other = new SignedOnly(keys, signer(OTHER_AGENT), this::refuse);

        Caller caller = trust.caller(record(7), other.sealed(next), "id");

        assertThat(caller.tenant()).isEqualTo("acme");
        assertThat(trust.owner(next)).isEqualTo("acme");
        assertThat(refused).isEmpty();
    }

    @Test
    void aSealDoesNotHelpWhatTheCallerNeverSigned() {
        InvocationEnvelope stolen = envelope(OTHER_CALL, signer(ACME).sign(CALL));

        refuses(Refusal.WRONG_SIGNATURE, record(1), trust.sealed(stolen));
        refuses(Refusal.UNSIGNED, record(2), trust.sealed(envelope(CALL, null)));
    }

    @Test
    void anAgentCallsForATenantUnderItsSeal() {
        InvocationEnvelope nested =
                InvocationEnvelope.newBuilder(envelope(CALL, null)).setTenant("acme").build();

        assertThat(trust.caller(record(1), trust.sealed(nested), "id").tenant()).isEqualTo("acme");
        assertThat(trust.owner(nested)).isEqualTo("acme");
        refuses(Refusal.UNSIGNED, record(2), nested);
    }

    @Test
    void aCancellationIsOfTheTenantThatSignedIt() {
        byte[] content = Codec.current().encode(new Cancellation("id", NOW.toEpochMilli(), ""));

        assertThat(trust.canceller(record(1), cancellation(content, EVIL))).contains("evil");
        assertThat(trust.canceller(record(2), cancellation(content, AGENT))).isEmpty();
        assertThatThrownBy(() ->
                        trust.canceller(
                                record(3), new SignedEnvelope(ByteBuffer.wrap(content), null)))
                .isInstanceOf(RefusedException.class);
        assertThat(refused).containsExactly(Refusal.UNSIGNED);
    }

    private void refuses(
            Refusal reason, ConsumerRecord<byte[], byte[]> record, InvocationEnvelope envelope) {
        refused.clear();
        assertThatThrownBy(() -> trust.caller(record, envelope, "id of " + record.offset()))
                .isInstanceOfSatisfying(
                        RefusedException.class, e -> assertThat(e.reason()).isEqualTo(reason));
        assertThat(refused).containsExactly(reason);
    }

    private static SignedEnvelope cancellation(byte[] content, Credentials by) {
        return new SignedEnvelope(ByteBuffer.wrap(content), signer(by).sign(content));
    }

    private static InvocationEnvelope signed(Credentials by, byte[] content) {
        return envelope(content, signer(by).sign(content));
    }

    private static InvocationEnvelope signed(Credentials by, byte[] content, Instant at) {
        return envelope(content, Signer.of(by, InstantSource.fixed(at)).sign(content));
    }

    private static InvocationEnvelope envelope(byte[] content, Signature signature) {
        return InvocationEnvelope.newBuilder()
                .setInvocation(ByteBuffer.wrap(content))
                .setSignature(signature)
                .build();
    }

    private static Signer signer(Credentials credentials) {
        return Signer.of(credentials, InstantSource.fixed(NOW));
    }

    private static KeyRecord key(Credentials credentials, KeyRole role, String tenant) {
        return KnownKey.record(credentials, role, tenant, NOW, "");
    }

    private static ConsumerRecord<byte[], byte[]> record(long offset) {
        return record(offset, Duration.ZERO);
    }

    private static ConsumerRecord<byte[], byte[]> record(long offset, Duration after) {
        return record(offset, NOW.plus(after), TimestampType.LOG_APPEND_TIME);
    }

    private static ConsumerRecord<byte[], byte[]> stampedByItsWriter() {
        return record(9, NOW, TimestampType.CREATE_TIME);
    }

    private static ConsumerRecord<byte[], byte[]> record(
            long offset, Instant at, TimestampType type) {
        return new ConsumerRecord<>(
                Topics.invocations("M"),
                0,
                offset,
                at.toEpochMilli(),
                type,
                0,
                0,
                new byte[0],
                new byte[0],
                new RecordHeaders(),
                Optional.empty());
    }
}
