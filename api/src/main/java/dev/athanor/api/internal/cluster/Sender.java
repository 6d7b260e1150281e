package dev.athanor.api.internal.cluster;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.NoArgGenerator;
import dev.athanor.api.AthanorException;
import dev.athanor.api.TooLargeException;
import dev.athanor.api.UnavailableException;
import dev.athanor.schemas.BlobAddress;
import dev.athanor.schemas.Cancellation;
import dev.athanor.schemas.Codec;
import dev.athanor.schemas.Invocation;
import dev.athanor.schemas.InvocationEnvelope;
import dev.athanor.schemas.SignedEnvelope;
import dev.athanor.schemas.Topics;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;

/** Writes invocations and cancellations. Thread-safe. */
final class Sender {
    private final NoArgGenerator ids = Generators.timeBasedEpochGenerator();
    private final Producer<byte[], byte[]> producer;
    private final Uploads uploads;
    private final MachineTypes machineTypes;
    private final int replyPartition;

    Sender(
            Producer<byte[], byte[]> producer,
            Uploads uploads,
            MachineTypes machineTypes,
            int replyPartition) {
        this.producer = producer;
        this.uploads = uploads;
        this.machineTypes = machineTypes;
        this.replyPartition = replyPartition;
    }

    /**
     * An invocation whose code and arguments are where agents find them.
     *
     * @param correlationId new for each
     * @param bundles where its code lies
     * @param record to be sent
     */
    record Prepared(
            String correlationId,
            List<BlobAddress> bundles,
            ProducerRecord<byte[], byte[]> record) {}

    /** Uploads what is not yet there; blocks meanwhile. */
    Prepared prepare(PendingCall<?> call) {
        OutgoingCall outgoing = call.outgoing();
        String machineType = outgoing.function().options().machineType();
        machineTypes.check(machineType);
        String id = ids.generate().toString();
        List<BlobAddress> bundles = uploads.addresses(outgoing.bundles());
        Invocation invocation =
                outgoing.toInvocation(
                        id,
                        call.createdAt(),
                        bundles,
                        uploads.payload(outgoing.arguments().bytes()),
                        replyPartition);
        InvocationEnvelope envelope =
                InvocationEnvelope.newBuilder()
                        .setInvocation(ByteBuffer.wrap(Codec.current().encode(invocation)))
                        .build();
        return new Prepared(
                id, bundles, record(Topics.invocations(machineType), id, encode(envelope)));
    }

    /**
     * Writes an invocation.
     *
     * @param onFailure called once, on any thread, when it could not be written; must not block
     */
    void send(Prepared prepared, Consumer<AthanorException> onFailure) {
        write(prepared.record(), cause -> onFailure.accept(failure(cause)));
    }

    /**
     * Asks agents to drop or stop a call. The caller gave the call up: whether the request can be
     * written only saves agents work.
     */
    void cancel(PendingCall<?> call, InstantSource clock) {
        Cancellation cancellation = new Cancellation(call.correlationId(), clock.millis());
        SignedEnvelope envelope =
                SignedEnvelope.newBuilder()
                        .setContent(ByteBuffer.wrap(Codec.current().encode(cancellation)))
                        .build();
        write(
                record(
                        Topics.CANCELLATIONS,
                        call.correlationId(),
                        Codec.current().encode(envelope)),
                cause -> {});
    }

    private void write(ProducerRecord<byte[], byte[]> record, Consumer<Exception> onFailure) {
        try {
            var unused =
                    producer.send(
                            record,
                            (metadata, failure) -> {
                                if (failure != null) {
                                    onFailure.accept(failure);
                                }
                            });
        } catch (KafkaException | IllegalStateException e) {
            onFailure.accept(e);
        }
    }

    void forget(List<BlobAddress> gone) {
        uploads.forget(gone);
    }

    private static byte[] encode(InvocationEnvelope envelope) {
        return Codec.current().encode(envelope);
    }

    private static ProducerRecord<byte[], byte[]> record(String topic, String id, byte[] value) {
        return new ProducerRecord<>(topic, id.getBytes(StandardCharsets.UTF_8), value);
    }

    private static AthanorException failure(Exception cause) {
        return cause instanceof RecordTooLargeException
                ? new TooLargeException(
                        "the invocation is too large for Kafka: " + cause.getMessage())
                : new UnavailableException(
                        "Kafka did not take the invocation: " + cause.getMessage(), cause);
    }
}
