package dev.athanor.agent.kafka;

import dev.athanor.agent.call.Delivery;
import dev.athanor.schemas.Cancellation;
import dev.athanor.schemas.Codec;
import dev.athanor.schemas.DeadLetter;
import dev.athanor.schemas.InvocationEnvelope;
import dev.athanor.schemas.JobEvent;
import dev.athanor.schemas.Lane;
import dev.athanor.schemas.Lease;
import dev.athanor.schemas.LogLines;
import dev.athanor.schemas.Reply;
import dev.athanor.schemas.StreamItem;
import dev.athanor.schemas.Topics;
import dev.athanor.schemas.attempt.LeaseKey;
import dev.athanor.schemas.job.LogKey;
import dev.athanor.schemas.keys.Trust;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;

/**
 * Writes the agent's records. Each future completes once its record is durable; records of one
 * correlation id to one topic keep their order. Safe for any number of threads. The producer stays
 * its giver's to close.
 */
public final class Publisher {
    private final Producer<byte[], byte[]> producer;
    private final Trust trust;

    /**
     * @param trust seals what goes back into queues and lanes
     */
    public Publisher(Producer<byte[], byte[]> producer, Trust trust) {
        this.producer = producer;
        this.trust = trust;
    }

    /** Sends the end of an invocation to its caller; done at once where nobody waits. */
    public CompletableFuture<?> reply(Delivery delivery, Reply reply) {
        return toCaller(delivery, reply);
    }

    /** Sends a value of a function that yields to its caller. */
    public CompletableFuture<?> value(Delivery delivery, StreamItem item) {
        return toCaller(delivery, item);
    }

    /** Sends lines to the caller, or where those of jobs are kept; else done at once. */
    public CompletableFuture<?> logs(Delivery delivery, LogLines lines) {
        if (!delivery.invocation().getJob()) {
            return toCaller(delivery, lines);
        }
        byte[] key = LogKey.of(delivery.tenant(), delivery.correlationId());
        return send(new ProducerRecord<>(Topics.LOGS, key, Codec.current().encode(lines)));
    }

    /** Says what became of a job. */
    public CompletableFuture<?> jobEvent(JobEvent event) {
        return send(Topics.JOBS, null, event.getCorrelationId(), event);
    }

    /** Puts an invocation, with what has happened to it, at the end of the queue it belongs to. */
    public CompletableFuture<?> republish(Delivery delivery, InvocationEnvelope envelope) {
        return send(
                Topics.invocations(Delivery.machineType(envelope, delivery.function())),
                null,
                delivery.correlationId(),
                trust.sealed(envelope));
    }

    /** Puts a new invocation into the queue of a machine type, which exists. */
    public CompletableFuture<?> invoke(
            String machineType, String correlationId, InvocationEnvelope envelope) {
        return send(Topics.invocations(machineType), null, correlationId, trust.sealed(envelope));
    }

    /** Asks agents to drop or stop an invocation. */
    public CompletableFuture<?> cancel(Cancellation cancellation) {
        return send(
                Topics.CANCELLATIONS,
                null,
                cancellation.getCorrelationId(),
                trust.signed(Codec.current().encode(cancellation)));
    }

    /** Puts an invocation into an agent's lane. */
    public CompletableFuture<?> forward(Delivery delivery, InvocationEnvelope envelope, Lane lane) {
        return send(lane.topic(), null, delivery.correlationId(), trust.sealed(envelope));
    }

    /** Writes a lease. */
    public CompletableFuture<?> lease(Lease lease) {
        return lease(lease.getCorrelationId(), LeaseKey.of(lease), Codec.current().encode(lease));
    }

    /** Removes a lease, given by its {@link LeaseKey}. */
    public CompletableFuture<?> endLease(String correlationId, byte[] key) {
        return lease(correlationId, key, null);
    }

    private CompletableFuture<?> lease(String correlationId, byte[] key, byte @Nullable [] value) {
        int partitions = producer.partitionsFor(Topics.RUNNING).size();
        return send(
                new ProducerRecord<>(
                        Topics.RUNNING, LeaseKey.partition(correlationId, partitions), key, value));
    }

    /** Writes a dead letter. */
    public CompletableFuture<?> deadLetter(byte[] key, DeadLetter letter) {
        return send(new ProducerRecord<>(Topics.DEAD_LETTERS, key, Codec.current().encode(letter)));
    }

    private CompletableFuture<?> toCaller(Delivery delivery, SpecificRecordBase record) {
        int partition = delivery.invocation().getReplyPartition();
        String topic = Topics.replies(delivery.tenant());
        // A partition that does not exist would block the producer for its whole time-out.
        if (partition < 0 || partition >= producer.partitionsFor(topic).size()) {
            return CompletableFuture.completedFuture(null);
        }
        return send(topic, partition, delivery.correlationId(), record);
    }

    private CompletableFuture<?> send(
            String topic,
            @Nullable Integer partition,
            String correlationId,
            SpecificRecordBase record) {
        byte[] key = correlationId.getBytes(StandardCharsets.UTF_8);
        return send(new ProducerRecord<>(topic, partition, key, Codec.current().encode(record)));
    }

    private CompletableFuture<?> send(ProducerRecord<byte[], byte[]> record) {
        CompletableFuture<Void> durable = new CompletableFuture<>();
        Future<RecordMetadata> _ =
                producer.send(
                        record,
                        (metadata, error) -> {
                            if (error == null) {
                                durable.complete(null);
                            } else {
                                durable.completeExceptionally(error);
                            }
                        });
        return durable;
    }
}
