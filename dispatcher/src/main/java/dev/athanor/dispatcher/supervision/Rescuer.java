package dev.athanor.dispatcher.supervision;

import dev.athanor.schemas.Codec;
import dev.athanor.schemas.DeadLetter;
import dev.athanor.schemas.Invocation;
import dev.athanor.schemas.InvocationEnvelope;
import dev.athanor.schemas.Lease;
import dev.athanor.schemas.Topics;
import dev.athanor.schemas.UndecodableException;
import dev.athanor.schemas.attempt.Attempts;
import dev.athanor.schemas.attempt.LostCall;
import dev.athanor.schemas.keys.RefusedException;
import dev.athanor.schemas.keys.Trust;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Future;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs elsewhere what leases stood for, each exactly once: the invocation's way back into its
 * queue, or its end, is committed in one transaction with the end of its lease. A supervisor that
 * dies in between has done nothing, and one that was replaced meanwhile can commit nothing, since
 * its successor uses the same transactional id. So a call runs once more for each agent that it was
 * lost with, and no more. For one thread.
 */
final class Rescuer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Rescuer.class);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    private final Producer<byte[], byte[]> producer;
    private final Trust trust;
    private final LeasedJobs jobs;
    private final Attempts attempts;
    private final InstantSource clock;

    private Rescuer(
            Producer<byte[], byte[]> producer,
            Trust trust,
            Attempts attempts,
            InstantSource clock) {
        this.producer = producer;
        this.trust = trust;
        this.jobs = new LeasedJobs(trust);
        this.attempts = attempts;
        this.clock = clock;
    }

    /**
     * Takes a partition of the leases over: when this returns, what an earlier rescuer of it had
     * begun is committed or undone, and it can begin nothing more.
     *
     * @param producer closed with this, and when this throws
     * @throws KafkaException when the cluster refuses
     */
    static Rescuer takeOver(
            Producer<byte[], byte[]> producer,
            Trust trust,
            Attempts attempts,
            InstantSource clock) {
        try {
            producer.initTransactions();
            return new Rescuer(producer, trust, attempts, clock);
        } catch (RuntimeException e) {
            producer.close(CLOSE_TIMEOUT);
            throw e;
        }
    }

    /**
     * Rescues the invocations of some leases and ends those and others, all or none.
     *
     * @param partition of the leases
     * @param leases whose invocations are to run elsewhere
     * @param keys of the leases to end
     * @return those that had no attempt left and are lost
     * @throws KafkaException when nothing is known to be done; this is of no more use then
     */
    List<LostCall> rescue(int partition, List<Lease> leases, List<byte[]> keys) {
        producer.beginTransaction();
        List<LostCall> lost = leases.stream().flatMap(lease -> rescue(lease).stream()).toList();
        keys.forEach(key -> send(new ProducerRecord<>(Topics.RUNNING, partition, key, null)));
        producer.commitTransaction();
        return lost;
    }

    private Optional<LostCall> rescue(Lease lease) {
        Optional<InvocationEnvelope> next =
                lease.getStarted()
                        ? attempts.afterStart(lease.getEnvelope(), lease.getAgent())
                        : attempts.beforeStart(lease.getEnvelope());
        if (next.isPresent()) {
            send(Topics.invocations(lease.getMachineType()), null, lease, trust.sealed(next.get()));
            jobs.of(lease, next.get())
                    .ifPresent(job -> send(Topics.JOBS, null, lease, job.queued(clock.millis())));
            return Optional.empty();
        }
        LostCall lost =
                new LostCall(
                        lease.getCorrelationId(),
                        lease.getMachineType(),
                        lease.getEnvelope(),
                        lease.getAgent());
        DeadLetter letter = lost.deadLetter(clock.millis());
        send(Topics.DEAD_LETTERS, null, lease, letter);
        jobs.of(lease, lease.getEnvelope())
                .ifPresent(job ->
                        send(Topics.JOBS, null, lease, job.ended(lost.reply(), clock.millis())));
        reply(lease, lost);
        return Optional.of(lost);
    }

    private void reply(Lease lease, LostCall lost) {
        int partition = replyPartition(lease.getEnvelope());
        if (partition < 0) {
            return;
        }
        try {
            String replies = Topics.replies(trust.owner(lease.getEnvelope()));
            // A partition that does not exist would block the producer for its whole time-out.
            if (partition < producer.partitionsFor(replies).size()) {
                send(replies, partition, lease, lost.reply());
            }
        } catch (RefusedException e) {
            LOG.warn(
                    "correlationId={} is lost, and nobody is told: {}",
                    lease.getCorrelationId(),
                    e.getMessage());
        }
    }

    /** Nobody can be told of one that cannot be read. */
    private static int replyPartition(InvocationEnvelope envelope) {
        try {
            ByteBuffer invocation = envelope.getInvocation();
            byte[] bytes = new byte[invocation.remaining()];
            invocation.duplicate().get(bytes);
            return Codec.current().decode(bytes, Invocation.class).getReplyPartition();
        } catch (UndecodableException e) {
            return -1;
        }
    }

    private void send(
            String topic, @Nullable Integer partition, Lease lease, SpecificRecordBase record) {
        byte[] key = lease.getCorrelationId().getBytes(StandardCharsets.UTF_8);
        send(new ProducerRecord<>(topic, partition, key, Codec.current().encode(record)));
    }

    /** What fails here fails the commit. */
    private void send(ProducerRecord<byte[], byte[]> record) {
        Future<RecordMetadata> _ = producer.send(record);
    }

    @Override
    public void close() {
        producer.close(CLOSE_TIMEOUT);
    }
}
