package dev.athanor.agent.slot;

import dev.athanor.agent.call.Delivery;
import dev.athanor.agent.call.KnownFunction;
import dev.athanor.agent.call.KnownFunctions;
import dev.athanor.schemas.Codec;
import dev.athanor.schemas.FailureCode;
import dev.athanor.schemas.Invocation;
import dev.athanor.schemas.InvocationEnvelope;
import dev.athanor.schemas.Topics;
import dev.athanor.schemas.UndecodableException;
import dev.athanor.schemas.keys.Caller;
import dev.athanor.schemas.keys.RefusedException;
import dev.athanor.schemas.keys.Trust;
import java.time.Instant;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Reads taken records. Safe for any number of threads. */
public final class DeliveryReader {
    private final String agent;
    private final Trust trust;
    private final KnownFunctions functions;

    /**
     * @param agent whose lanes records may come from, beside the queues
     * @param trust says whose invocation it is
     */
    public DeliveryReader(String agent, Trust trust, KnownFunctions functions) {
        this.agent = agent;
        this.trust = trust;
        this.functions = functions;
    }

    /**
     * @throws UndecodableException when the record is no invocation
     * @throws RefusedException when nobody vouches for it
     */
    Delivery read(ConsumerRecord<byte[], byte[]> record, Instant takenAt) {
        if (record.value() == null) {
            throw new UndecodableException("the record has no value");
        }
        InvocationEnvelope envelope =
                Codec.current().decode(record.value(), InvocationEnvelope.class);
        Invocation invocation = Codec.current().decode(envelope.getInvocation(), Invocation.class);
        Caller caller = trust.caller(record, envelope, invocation.getCorrelationId());
        KnownFunction function =
                functions.of(caller.tenant(), invocation.getFunction(), envelope.getEscalatedTo());
        checkQueue(record.topic(), Delivery.machineType(envelope, function));
        return new Delivery(
                caller.tenant(),
                envelope,
                invocation,
                caller.revokedKey().map(key -> revoked(function, key)).orElse(function),
                takenAt);
    }

    private static KnownFunction revoked(KnownFunction function, String keyId) {
        return new KnownFunction.Refused(
                function.spec(),
                FailureCode.UNAUTHORIZED,
                "the key %s was revoked".formatted(keyId));
    }

    /**
     * What goes back goes to the queue of its machine type, so it must have come from there, or by
     * the agent's lane of that type.
     */
    private void checkQueue(String topic, String machineType) {
        // Put together here: the machine type may be anything.
        if (!topic.equals(Topics.INVOCATIONS_PREFIX + machineType)
                && !topic.equals(Topics.LANE_PREFIX + agent + "." + machineType)) {
            throw new UndecodableException(
                    "an invocation for machine type '%s' in topic %s"
                            .formatted(machineType, topic));
        }
    }
}
