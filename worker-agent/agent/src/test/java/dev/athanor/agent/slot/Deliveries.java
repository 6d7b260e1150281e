package dev.athanor.agent.slot;

import dev.athanor.schemas.Codec;
import dev.athanor.schemas.EntryPoint;
import dev.athanor.schemas.EnvironmentKind;
import dev.athanor.schemas.EnvironmentSpec;
import dev.athanor.schemas.FunctionSpec;
import dev.athanor.schemas.Invocation;
import dev.athanor.schemas.InvocationEnvelope;
import dev.athanor.schemas.Limits;
import dev.athanor.schemas.Payload;
import dev.athanor.schemas.PayloadCodec;
import dev.athanor.schemas.Topics;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;

/** Records of invocations of machine type M, as a broker would hand them out. */
final class Deliveries {
    static final String TOPIC = Topics.invocations("M");

    private Deliveries() {}

    static ConsumerRecord<byte[], byte[]> record(long offset, int deliveryCount, int attempt) {
        return record(
                offset, deliveryCount, Codec.current().encode(envelope("id-" + offset, attempt)));
    }

    static ConsumerRecord<byte[], byte[]> record(long offset, int deliveryCount, byte[] value) {
        return record(TOPIC, offset, deliveryCount, value);
    }

    static ConsumerRecord<byte[], byte[]> record(
            String topic, long offset, int deliveryCount, byte[] value) {
        return new ConsumerRecord<>(
                topic,
                0,
                offset,
                0L,
                TimestampType.CREATE_TIME,
                0,
                0,
                ("id-" + offset).getBytes(StandardCharsets.UTF_8),
                value,
                new RecordHeaders(),
                Optional.empty(),
                Optional.of((short) deliveryCount));
    }

    static InvocationEnvelope envelope(String correlationId, int attempt) {
        return InvocationEnvelope.newBuilder()
                .setInvocation(
                        ByteBuffer.wrap(Codec.current().encode(invocation(correlationId, "M"))))
                .setAttempt(attempt)
                .build();
    }

    static Invocation invocation(String correlationId, String machineType) {
        return Invocation.newBuilder()
                .setCorrelationId(correlationId)
                .setCreatedAt(0)
                .setFunction(ByteBuffer.wrap(Codec.current().encode(function(machineType, 0))))
                .setArguments(new Payload(PayloadCodec.JAVA, ByteBuffer.allocate(0), null))
                .setReplyPartition(0)
                .setLimits(new Limits())
                .build();
    }

    static FunctionSpec function(String machineType, int maxEscalations) {
        return FunctionSpec.newBuilder()
                .setName("test")
                .setEntryPoint(new EntryPoint("Test", "run", "()V", 6))
                .setEnvironment(
                        new EnvironmentSpec(
                                EnvironmentKind.JVM, "", List.of(), List.of(), Map.of(), "", false))
                .setBundles(List.of())
                .setMachineType(machineType)
                .setMaxEscalations(maxEscalations)
                .build();
    }
}
