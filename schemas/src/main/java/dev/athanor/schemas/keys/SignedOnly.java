package dev.athanor.schemas.keys;

import dev.athanor.schemas.Bytes;
import dev.athanor.schemas.InvocationEnvelope;
import dev.athanor.schemas.Signature;
import dev.athanor.schemas.SignedEnvelope;
import dev.athanor.schemas.Topics;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;

/**
 * A cluster with credentials: Kafka stamps no producer on a record, so only signatures tell who
 * wrote it.
 *
 * <p>A caller's record is believed when the caller signed the invocation, at about the time at
 * which the broker got it, and says nothing of what happens on its way. What agents and dispatchers
 * put back has their seal over all of that, of about the time at which the broker got it as well;
 * whose it is still says the caller's signature inside. The same record a second time is not
 * believed.
 */
public final class SignedOnly implements Trust {
    /** How far clocks may differ, with the time that a record takes to be written. */
    public static final Duration TOLERANCE = Duration.ofMinutes(2);

    private static final String INVOCATION = "invocation";
    private static final String CANCELLATION = "cancellation";

    private final KeyDirectory keys;
    private final Signer operator;
    private final BiConsumer<String, Refusal> refused;
    private final SeenRecords seen = new SeenRecords();

    /**
     * @param operator seals what is put back
     * @param refused is told what was not believed, and why
     */
    public SignedOnly(KeyDirectory keys, Signer operator, BiConsumer<String, Refusal> refused) {
        this.keys = keys;
        this.operator = operator;
        this.refused = refused;
    }

    @Override
    public Caller caller(
            ConsumerRecord<byte[], byte[]> record,
            InvocationEnvelope envelope,
            String correlationId) {
        try {
            return envelope.getSeal() == null
                    ? signedCaller(record, envelope, correlationId)
                    : sealedCaller(record, envelope, envelope.getSeal());
        } catch (RefusedException e) {
            refused.accept(INVOCATION, e.reason());
            throw e;
        }
    }

    private Caller signedCaller(
            ConsumerRecord<?, ?> record, InvocationEnvelope envelope, String correlationId) {
        Signature signature = signed(envelope.getSignature());
        KnownKey key = tenantKey(signature, envelope);
        if (!isAsMade(envelope)) {
            throw new RefusedException(
                    Refusal.FORGED, "it claims what only agents may say, and no agent says so");
        }
        checkTime(record, signature);
        String id = "call/" + key.keyId() + "/" + correlationId;
        checkFirst(record, id.getBytes(StandardCharsets.UTF_8));
        return callerOf(key);
    }

    private Caller sealedCaller(
            ConsumerRecord<?, ?> record, InvocationEnvelope envelope, Signature seal) {
        KnownKey sealer = signer(seal, SignedBytes.sealed(envelope));
        if (!sealer.isOperator()) {
            throw new RefusedException(
                    Refusal.WRONG_ROLE, "key %s may not seal".formatted(sealer.keyId()));
        }
        if (sealer.isRevoked()) {
            throw new RefusedException(
                    Refusal.REVOKED_KEY, "its seal's key %s was revoked".formatted(sealer.keyId()));
        }
        checkTime(record, seal);
        checkFirst(record, Bytes.copy(seal.getSignature()));
        Signature signature = envelope.getSignature();
        return signature == null
                ? new Caller(vouchedFor(envelope), Optional.empty())
                : callerOf(tenantKey(signature, envelope));
    }

    private Caller callerOf(KnownKey key) {
        if (!key.isRevoked()) {
            return new Caller(key.tenant(), Optional.empty());
        }
        refused.accept(INVOCATION, Refusal.REVOKED_KEY);
        return new Caller(key.tenant(), Optional.of(key.keyId()));
    }

    @Override
    public String owner(InvocationEnvelope envelope) {
        try {
            Signature signature = envelope.getSignature();
            return signature == null
                    ? vouchedFor(envelope)
                    : tenantKey(signature, envelope).tenant();
        } catch (RefusedException e) {
            refused.accept(INVOCATION, e.reason());
            throw e;
        }
    }

    /** The tenant that an agent made a call for, where none signed it. */
    private static String vouchedFor(InvocationEnvelope envelope) {
        if (!Topics.isName(envelope.getTenant())) {
            throw new RefusedException(Refusal.UNSIGNED, "nobody signed it");
        }
        return envelope.getTenant();
    }

    private KnownKey tenantKey(Signature signature, InvocationEnvelope envelope) {
        KnownKey key = signer(signature, Bytes.copy(envelope.getInvocation()));
        if (key.isOperator()) {
            throw new RefusedException(
                    Refusal.WRONG_ROLE, "key %s makes no calls".formatted(key.keyId()));
        }
        return key;
    }

    @Override
    public Optional<String> canceller(
            ConsumerRecord<byte[], byte[]> record, SignedEnvelope envelope) {
        try {
            Signature signature = signed(envelope.getSignature());
            KnownKey key = signer(signature, Bytes.copy(envelope.getContent()));
            if (key.isRevoked()) {
                throw new RefusedException(
                        Refusal.REVOKED_KEY, "its key %s was revoked".formatted(key.keyId()));
            }
            checkTime(record, signature);
            return key.isOperator() ? Optional.empty() : Optional.of(key.tenant());
        } catch (RefusedException e) {
            refused.accept(CANCELLATION, e.reason());
            throw e;
        }
    }

    @Override
    public InvocationEnvelope sealed(InvocationEnvelope envelope) {
        return InvocationEnvelope.newBuilder(envelope)
                .setSeal(operator.sign(SignedBytes.sealed(envelope)))
                .build();
    }

    @Override
    public SignedEnvelope signed(byte[] content) {
        return new SignedEnvelope(ByteBuffer.wrap(content), operator.sign(content));
    }

    private static Signature signed(@Nullable Signature signature) {
        if (signature == null) {
            throw new RefusedException(Refusal.UNSIGNED, "nobody signed it");
        }
        return signature;
    }

    private KnownKey signer(Signature signature, byte[] content) {
        KnownKey key =
                keys.find(signature.getKeyId())
                        .orElseThrow(() ->
                                new RefusedException(
                                        Refusal.UNKNOWN_KEY, "its key is not known here"));
        if (!key.hasSigned(signature, content)) {
            throw new RefusedException(
                    Refusal.WRONG_SIGNATURE, "its signature is not that of its key");
        }
        return key;
    }

    private static boolean isAsMade(InvocationEnvelope envelope) {
        return envelope.getAttempt() == 1
                && envelope.getLostAgents().isEmpty()
                && envelope.getLossesBeforeStart() == 0
                && envelope.getHops() == 0
                && envelope.getEscalatedFrom().isEmpty()
                && envelope.getEscalatedTo().isEmpty()
                && envelope.getTenant().isEmpty()
                && envelope.getReturns() == 0
                && envelope.getRetries() == 0;
    }

    /** The broker's clock counts, which nobody else sets. */
    private static void checkTime(ConsumerRecord<?, ?> record, Signature signature) {
        if (record.timestampType() != TimestampType.LOG_APPEND_TIME) {
            throw new RefusedException(
                    Refusal.STALE, "topic %s does not say when it came".formatted(record.topic()));
        }
        Duration distance = Duration.ofMillis(record.timestamp()).minusMillis(signature.getAt());
        if (distance.abs().compareTo(TOLERANCE) > 0) {
            throw new RefusedException(
                    Refusal.STALE,
                    "it was signed %d s before it came: replayed, or by a clock that is wrong"
                            .formatted(distance.toSeconds()));
        }
    }

    private void checkFirst(ConsumerRecord<?, ?> record, byte[] id) {
        if (!seen.isFirst(id, record)) {
            throw new RefusedException(Refusal.REPLAYED, "it was taken before");
        }
    }
}
