package dev.athanor.agent.slot;

import dev.athanor.agent.call.Delivery;
import dev.athanor.agent.call.KnownFunction;
import dev.athanor.agent.call.KnownFunctions;
import dev.athanor.schemas.Codec;
import dev.athanor.schemas.Invocation;
import dev.athanor.schemas.InvocationEnvelope;
import dev.athanor.schemas.Topics;
import dev.athanor.schemas.UndecodableException;
import java.nio.ByteBuffer;
import java.time.Instant;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Reads taken records. Safe for any number of threads. */
public final class DeliveryReader {
    private final String agent;
    private final String tenant;
    private final KnownFunctions functions;

    /**
     * @param agent whose lanes records may come from, beside the queues
     * @param tenant whose every invocation is, on a cluster without credentials
     */
    public DeliveryReader(String agent, String tenant, KnownFunctions functions) {
        this.agent = agent;
        this.tenant = tenant;
        this.functions = functions;
    }

    /**
     * @throws UndecodableException when the record is no invocation
     */
    Delivery read(ConsumerRecord<byte[], byte[]> record, Instant takenAt) {
        if (record.value() == null) {
            throw new UndecodableException("the record has no value");
        }
        InvocationEnvelope envelope =
                Codec.current().decode(record.value(), InvocationEnvelope.class);
        Invocation invocation =
                Codec.current().decode(bytes(envelope.getInvocation()), Invocation.class);
        KnownFunction function = functions.of(tenant, invocation.getFunction());
        checkQueue(record.topic(), function.spec().getMachineType());
        return new Delivery(tenant, envelope, invocation, function, takenAt);
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

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }
}
