package dev.athanor.dispatcher.supervision;

import dev.athanor.schemas.Codec;
import dev.athanor.schemas.Invocation;
import dev.athanor.schemas.InvocationEnvelope;
import dev.athanor.schemas.Lane;
import dev.athanor.schemas.Topics;
import dev.athanor.schemas.UndecodableException;
import dev.athanor.schemas.attempt.Attempts;
import dev.athanor.schemas.attempt.LostCall;
import dev.athanor.schemas.cluster.LaneTopics;
import dev.athanor.schemas.keys.RefusedException;
import dev.athanor.schemas.keys.Trust;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;

/**
 * Puts what a lane holds into the queue of its machine type. What nobody had taken goes as it is;
 * what the lane's agent had taken before it died was lost with it. For one thread.
 */
final class LaneDrain {
    private static final short FIRST_DELIVERY = 1;

    private final Producer<byte[], byte[]> producer;
    private final Trust trust;
    private final Attempts attempts;
    private final InstantSource clock;

    /**
     * @param producer stays its giver's to close
     */
    LaneDrain(
            Producer<byte[], byte[]> producer,
            Trust trust,
            Attempts attempts,
            InstantSource clock) {
        this.producer = producer;
        this.trust = trust;
        this.attempts = attempts;
        this.clock = clock;
    }

    /**
     * Returns once what replaces the record is durable.
     *
     * @param tookMany whether the agent may have held records that it had not started
     * @throws ExecutionException when Kafka refuses it
     */
    void move(Lane lane, ConsumerRecord<byte[], byte[]> record, boolean tookMany)
            throws InterruptedException, ExecutionException {
        if (LaneTopics.isProbe(record)) {
            return;
        }
        List<Future<RecordMetadata>> written =
                record.deliveryCount().orElse(FIRST_DELIVERY) > FIRST_DELIVERY
                        ? afterLoss(lane, record, tookMany)
                        : List.of(asItWas(lane, record));
        for (Future<RecordMetadata> each : written) {
            each.get();
        }
    }

    /** As it was when its caller, or an agent, put it into the lane. */
    private Future<RecordMetadata> asItWas(Lane lane, ConsumerRecord<byte[], byte[]> record) {
        try {
            InvocationEnvelope envelope = envelope(record);
            Invocation invocation = invocation(envelope);
            String id = invocation.getCorrelationId();
            trust.caller(record, envelope, id);
            return send(Topics.invocations(lane.machineType()), null, id, trust.sealed(envelope));
        } catch (UndecodableException | RefusedException e) {
            return unchanged(lane, record);
        }
    }

    /** What cannot be read, or is not believed, is for an agent to give up, with its bytes. */
    private Future<RecordMetadata> unchanged(Lane lane, ConsumerRecord<byte[], byte[]> record) {
        return producer.send(
                new ProducerRecord<>(
                        Topics.invocations(lane.machineType()), record.key(), record.value()));
    }

    private List<Future<RecordMetadata>> afterLoss(
            Lane lane, ConsumerRecord<byte[], byte[]> record, boolean tookMany) {
        try {
            InvocationEnvelope lost = envelope(record);
            Invocation invocation = invocation(lost);
            Optional<InvocationEnvelope> next =
                    tookMany ? attempts.beforeStart(lost) : attempts.afterStart(lost, lane.agent());
            String id = invocation.getCorrelationId();
            String tenant = trust.caller(record, lost, id).tenant();
            return next.isPresent()
                    ? List.of(
                            send(
                                    Topics.invocations(lane.machineType()),
                                    null,
                                    id,
                                    trust.sealed(next.get())))
                    : giveUp(
                            new LostCall(id, lane.machineType(), lost, lane.agent()),
                            invocation,
                            tenant);
        } catch (UndecodableException | RefusedException e) {
            return List.of(unchanged(lane, record));
        }
    }

    private List<Future<RecordMetadata>> giveUp(
            LostCall lost, Invocation invocation, String tenant) {
        List<Future<RecordMetadata>> written = new ArrayList<>();
        String id = lost.correlationId();
        written.add(send(Topics.DEAD_LETTERS, null, id, lost.deadLetter(clock.millis())));
        int partition = invocation.getReplyPartition();
        String replies = Topics.replies(tenant);
        // A partition that does not exist would block the producer for its whole time-out.
        if (partition >= 0 && partition < producer.partitionsFor(replies).size()) {
            written.add(send(replies, partition, id, lost.reply()));
        }
        return written;
    }

    private Future<RecordMetadata> send(
            String topic, @Nullable Integer partition, String id, SpecificRecordBase record) {
        byte[] key = id.getBytes(StandardCharsets.UTF_8);
        return producer.send(
                new ProducerRecord<>(topic, partition, key, Codec.current().encode(record)));
    }

    private static InvocationEnvelope envelope(ConsumerRecord<byte[], byte[]> record) {
        if (record.value() == null) {
            throw new UndecodableException("the record has no value");
        }
        return Codec.current().decode(record.value(), InvocationEnvelope.class);
    }

    private static Invocation invocation(InvocationEnvelope envelope) {
        return Codec.current().decode(envelope.getInvocation(), Invocation.class);
    }
}
