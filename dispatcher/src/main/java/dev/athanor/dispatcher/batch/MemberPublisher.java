package dev.athanor.dispatcher.batch;

import dev.athanor.schemas.Codec;
import dev.athanor.schemas.Invocation;
import dev.athanor.schemas.InvocationEnvelope;
import dev.athanor.schemas.Topics;
import dev.athanor.schemas.job.KnownJob;
import dev.athanor.schemas.keys.Trust;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.LongSupplier;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;

/**
 * Puts members of batches into their queues. That they are queued is committed first, so the
 * ledger, once it has read all events, knows every member that may ever have been written. There is
 * one publisher in a cluster: a later one has the same transactional id, and so ends what an
 * earlier one had begun and keeps it from committing anything more. What that had committed, it
 * writes within {@link #LATEST} or never. For one thread.
 *
 * <p>The calls themselves are not part of the transaction. It would leave a marker in the queue,
 * which a share consumer that takes one record at a time gets in the place of a record, and then
 * waits for its whole poll (measured: one call in 5 s for each slot).
 */
final class MemberPublisher implements AutoCloseable {
    /** Of the one publisher of the cluster. */
    static final String TRANSACTIONAL_ID = "athanor-batches";

    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    /** How long after their commit calls are given to the producer at the latest. */
    private static final Duration HANDED_OVER = Duration.ofSeconds(4);

    /** How long the producer tries to write them at the latest; its setting. */
    static final Duration DELIVERED = Duration.ofSeconds(5);

    /** When what was committed is written at the latest, or given up. */
    static final Duration LATEST = HANDED_OVER.plus(DELIVERED).plusSeconds(1);

    private final Producer<byte[], byte[]> events;
    private final Producer<byte[], byte[]> calls;
    private final Trust trust;
    private final LongSupplier ticker;
    private final InstantSource clock;

    private MemberPublisher(
            Producer<byte[], byte[]> events,
            Producer<byte[], byte[]> calls,
            Trust trust,
            LongSupplier ticker,
            InstantSource clock) {
        this.events = events;
        this.calls = calls;
        this.trust = trust;
        this.ticker = ticker;
        this.clock = clock;
    }

    /**
     * Takes over: when this returns, what an earlier publisher had begun is committed or undone.
     *
     * @param events a producer of that transactional id; closed with this, and when this throws
     * @param calls one with acks=all that gives up after {@link #DELIVERED}; closed in the same way
     * @param ticker nanoseconds of a clock that never goes back
     * @throws KafkaException when the cluster refuses
     */
    static MemberPublisher takeOver(
            Producer<byte[], byte[]> events,
            Producer<byte[], byte[]> calls,
            Trust trust,
            LongSupplier ticker,
            InstantSource clock) {
        MemberPublisher publisher = new MemberPublisher(events, calls, trust, ticker, clock);
        try {
            events.initTransactions();
            return publisher;
        } catch (RuntimeException e) {
            publisher.close();
            throw e;
        }
    }

    /**
     * Queues them; returns when they are durable.
     *
     * @throws KafkaException when which of these are queued is not known; this is of no more use
     *     then
     */
    void publish(List<Member> members) throws InterruptedException {
        long now = clock.millis();
        List<KnownJob> jobs = members.stream().map(member -> job(member, now)).toList();
        events.beginTransaction();
        long begin = ticker.getAsLong();
        for (KnownJob job : jobs) {
            Future<RecordMetadata> _ = send(events, job, Topics.JOBS, job.queued(now));
        }
        events.commitTransaction();
        List<Future<RecordMetadata>> written = new ArrayList<>();
        for (KnownJob job : jobs) {
            InvocationEnvelope sealed = trust.sealed(job.envelope());
            if (ticker.getAsLong() - begin > HANDED_OVER.toNanos()) {
                throw new KafkaException("too slow: another dispatcher may look for them already");
            }
            written.add(send(calls, job, Topics.invocations(job.machineType()), sealed));
        }
        try {
            for (Future<RecordMetadata> each : written) {
                each.get();
            }
        } catch (ExecutionException e) {
            throw new KafkaException("Kafka does not take members of a batch", e.getCause());
        }
    }

    private static KnownJob job(Member member, long now) {
        Invocation invocation = member.invocation(now);
        String tenant = member.batch().tenant();
        InvocationEnvelope envelope =
                InvocationEnvelope.newBuilder()
                        .setInvocation(ByteBuffer.wrap(Codec.current().encode(invocation)))
                        .setTenant(tenant)
                        .build();
        return new KnownJob(tenant, envelope, invocation, member.function(), member.machineType());
    }

    /** What fails in a transaction fails its commit. */
    private static Future<RecordMetadata> send(
            Producer<byte[], byte[]> producer,
            KnownJob job,
            String topic,
            SpecificRecordBase record) {
        byte[] key = job.invocation().getCorrelationId().getBytes(StandardCharsets.UTF_8);
        return producer.send(new ProducerRecord<>(topic, key, Codec.current().encode(record)));
    }

    @Override
    public void close() {
        events.close(CLOSE_TIMEOUT);
        calls.close(CLOSE_TIMEOUT);
    }
}
