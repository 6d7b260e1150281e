package dev.athanor.agent.nested;

import dev.athanor.runtime.protocol.FailureKind;
import dev.athanor.schemas.Codec;
import dev.athanor.schemas.LogLines;
import dev.athanor.schemas.Reply;
import dev.athanor.schemas.Topics;
import dev.athanor.schemas.UndecodableException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads one partition of a tenant's replies, on a thread of its own, for the calls that functions
 * of the tenant make here. What is for others is dropped. Safe for any number of threads.
 */
final class ReplyReader implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ReplyReader.class);
    private static final String ENDED = "its agent lost the connection to Kafka";
    private static final Duration POLL = Duration.ofMillis(250);
    private static final Duration TICK = Duration.ofSeconds(1);
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(5);

    private final Consumer<byte[], byte[]> consumer;
    private final InstantSource clock;
    private final int partition;
    private final Map<String, NestedCall> expected = new ConcurrentHashMap<>();
    private final Thread thread;
    private volatile boolean open = true;
    private Instant nextTick;

    private ReplyReader(
            String tenant, Consumer<byte[], byte[]> consumer, int partition, InstantSource clock) {
        this.consumer = consumer;
        this.partition = partition;
        this.clock = clock;
        this.nextTick = clock.instant().plus(TICK);
        this.thread = new Thread(this::run, "nested-replies-" + tenant);
        thread.setDaemon(true);
    }

    /**
     * Begins to read: replies that are written from now on come.
     *
     * @param consumer without a group; closed with this
     * @param timeout longest wait for each answer of the cluster
     * @throws KafkaException when there is none
     */
    static ReplyReader open(
            String tenant,
            Consumer<byte[], byte[]> consumer,
            Duration timeout,
            InstantSource clock) {
        try {
            List<PartitionInfo> partitions =
                    consumer.partitionsFor(Topics.replies(tenant), timeout);
            int partition = ThreadLocalRandom.current().nextInt(partitions.size());
            TopicPartition own = new TopicPartition(Topics.replies(tenant), partition);
            consumer.assign(List.of(own));
            consumer.seekToEnd(List.of(own));
            consumer.position(own, timeout);
            ReplyReader reader = new ReplyReader(tenant, consumer, partition, clock);
            reader.thread.start();
            return reader;
        } catch (RuntimeException e) {
            consumer.close();
            throw e;
        }
    }

    boolean isOpen() {
        return open;
    }

    int partition() {
        return partition;
    }

    /** Passes on what comes for a call, until its reply or {@link #forget}. */
    void expect(String correlationId, NestedCall call) {
        expected.put(correlationId, call);
        if (!open && expected.remove(correlationId) != null) {
            call.lost(FailureKind.UNAVAILABLE, ENDED);
        }
    }

    void forget(String correlationId) {
        expected.remove(correlationId);
    }

    private void run() {
        try (consumer) {
            while (open) {
                consumer.poll(POLL).forEach(this::read);
                tick();
            }
        } catch (WakeupException e) {
            LOG.debug("no longer reads replies");
        } catch (RuntimeException e) {
            LOG.error("replies of nested calls cannot be read", e);
        } finally {
            open = false;
            expected.values().forEach(call -> call.lost(FailureKind.UNAVAILABLE, ENDED));
            expected.clear();
        }
    }

    private void read(ConsumerRecord<byte[], byte[]> record) {
        try {
            SpecificRecordBase value = Codec.current().decode(record.value());
            if (value instanceof Reply reply) {
                NestedCall call = expected.remove(reply.getCorrelationId());
                if (call != null) {
                    call.reply(reply);
                }
            } else if (value instanceof LogLines lines) {
                NestedCall call = expected.get(lines.getCorrelationId());
                if (call != null) {
                    call.lines(lines);
                }
            }
        } catch (UndecodableException e) {
            LOG.debug("offset={} dropped: {}", record.offset(), e.getMessage());
        }
    }

    /** Nobody answers a call whose agents all died, and no supervisor lives. */
    private void tick() {
        Instant now = clock.instant();
        if (now.isBefore(nextTick)) {
            return;
        }
        nextTick = now.plus(TICK);
        expected.forEach((id, call) -> {
            if (!now.isBefore(call.deadline()) && expected.remove(id) != null) {
                call.lost(FailureKind.UNKNOWN, "no agent answered by " + call.deadline());
            }
        });
    }

    @Override
    public void close() {
        open = false;
        consumer.wakeup();
        try {
            boolean ended = thread.join(CLOSE_PATIENCE);
            LOG.debug("ended={}", ended);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
