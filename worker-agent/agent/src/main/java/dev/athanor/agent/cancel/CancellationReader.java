package dev.athanor.agent.cancel;

import dev.athanor.agent.metrics.AgentMetrics;
import dev.athanor.schemas.Cancellation;
import dev.athanor.schemas.Codec;
import dev.athanor.schemas.SignedEnvelope;
import dev.athanor.schemas.Topics;
import dev.athanor.schemas.UndecodableException;
import dev.athanor.schemas.cluster.ClusterUnreachableException;
import dev.athanor.schemas.keys.Refusal;
import dev.athanor.schemas.keys.RefusedException;
import dev.athanor.schemas.keys.Trust;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads all cancellations, on a thread of its own: those of the last days first, then each as it
 * comes. What is none is counted and dropped. After a failure it goes on with a new consumer from
 * where it was.
 */
public final class CancellationReader implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CancellationReader.class);
    private static final Duration POLL = Duration.ofSeconds(5);
    private static final Duration BACKOFF = Duration.ofSeconds(1);
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(10);

    private final Supplier<Consumer<byte[], byte[]>> consumers;
    private final Cancellations cancellations;
    private final Trust trust;
    private final AgentMetrics metrics;
    private final InstantSource clock;
    private final Thread thread;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final CompletableFuture<Void> caughtUp = new CompletableFuture<>();
    private final Map<TopicPartition, Long> positions = new HashMap<>();
    private volatile @Nullable Consumer<byte[], byte[]> current;

    /**
     * @param consumers makes a consumer without a group, anew after a failure
     * @param trust says whose cancellation it is
     */
    public CancellationReader(
            Supplier<Consumer<byte[], byte[]>> consumers,
            Cancellations cancellations,
            Trust trust,
            AgentMetrics metrics,
            InstantSource clock) {
        this.consumers = consumers;
        this.cancellations = cancellations;
        this.trust = trust;
        this.metrics = metrics;
        this.clock = clock;
        this.thread = Thread.ofPlatform().name("cancellations").daemon().unstarted(this::run);
    }

    /**
     * Starts, and returns when all that was cancelled before is known: no such call may be taken.
     *
     * @throws ClusterUnreachableException when that takes too long
     */
    public void start(Duration timeout) throws InterruptedException {
        thread.start();
        try {
            caughtUp.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            throw new ClusterUnreachableException(
                    "the topic %s was not read within %d s"
                            .formatted(Topics.CANCELLATIONS, timeout.toSeconds()),
                    e);
        }
    }

    private void run() {
        while (!isStopped()) {
            try (Consumer<byte[], byte[]> consumer = consumers.get()) {
                current = consumer;
                seek(consumer);
                readAll(consumer);
            } catch (WakeupException e) {
                // Closing wakes it, and nobody else does.
                return;
            } catch (RuntimeException e) {
                LOG.warn("cancellations cannot be read and are tried again", e);
                backOff();
            } finally {
                current = null;
            }
        }
    }

    private void readAll(Consumer<byte[], byte[]> consumer) {
        Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment());
        while (!isStopped()) {
            if (!caughtUp.isDone()
                    && ends.entrySet().stream()
                            .allMatch(end -> consumer.position(end.getKey()) >= end.getValue())) {
                caughtUp.complete(null);
            }
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                read(record);
                positions.put(
                        new TopicPartition(record.topic(), record.partition()),
                        record.offset() + 1);
            }
        }
    }

    private void seek(Consumer<byte[], byte[]> consumer) {
        List<TopicPartition> partitions =
                consumer.partitionsFor(Topics.CANCELLATIONS).stream()
                        .map(info -> new TopicPartition(info.topic(), info.partition()))
                        .toList();
        consumer.assign(partitions);
        long oldest = clock.instant().minus(Cancellations.REMEMBERED_FOR).toEpochMilli();
        Map<TopicPartition, Long> since = new HashMap<>();
        partitions.forEach(partition -> since.put(partition, oldest));
        Map<TopicPartition, OffsetAndTimestamp> found = consumer.offsetsForTimes(since);
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        for (TopicPartition partition : partitions) {
            OffsetAndTimestamp first = found.get(partition);
            long begin = first == null ? ends.getOrDefault(partition, 0L) : first.offset();
            consumer.seek(partition, positions.getOrDefault(partition, begin));
        }
    }

    private void read(ConsumerRecord<byte[], byte[]> record) {
        try {
            SignedEnvelope envelope = envelope(record);
            Cancellation cancellation = cancellation(envelope);
            String id = UUID.fromString(cancellation.getCorrelationId()).toString();
            Optional<String> tenant =
                    trust.canceller(record, envelope).or(() -> meant(cancellation));
            Instant at = Instant.ofEpochMilli(Math.min(record.timestamp(), clock.millis()));
            count(cancellations.cancel(tenant, id, at));
        } catch (RefusedException e) {
            LOG.info("offset={} cancellation refused: {}", record.offset(), e.getMessage());
            metrics.cancellation("dropped");
        } catch (UndecodableException | IllegalArgumentException e) {
            LOG.debug("offset={} is no cancellation: {}", record.offset(), e.getMessage());
            metrics.cancellation("dropped");
        }
    }

    private void count(Cancellations.Effect effect) {
        switch (effect) {
            case STOPPED -> metrics.cancellation("stopped");
            case NOTED -> metrics.cancellation("noted");
            case REFUSED -> {
                metrics.cancellation("dropped");
                metrics.refused("cancellation", Refusal.OTHER_TENANT);
            }
        }
    }

    private static SignedEnvelope envelope(ConsumerRecord<byte[], byte[]> record) {
        if (record.value() == null) {
            throw new UndecodableException("the record has no value");
        }
        return Codec.current().decode(record.value(), SignedEnvelope.class);
    }

    /** Whose call an operator means; empty: anybody's. */
    private static Optional<String> meant(Cancellation cancellation) {
        return Optional.of(cancellation.getTenant()).filter(Topics::isName);
    }

    /** Its id is a UUID: what is remembered is small, whoever wrote it. */
    private static Cancellation cancellation(SignedEnvelope envelope) {
        ByteBuffer content = envelope.getContent();
        return Codec.current().decode(content, Cancellation.class);
    }

    private boolean isStopped() {
        return stopped.getCount() == 0;
    }

    private void backOff() {
        try {
            boolean isStopped = stopped.await(BACKOFF.toMillis(), TimeUnit.MILLISECONDS);
            LOG.debug("stopped={}", isStopped);
        } catch (InterruptedException e) {
            stopped.countDown();
        }
    }

    @Override
    public void close() {
        stopped.countDown();
        Consumer<byte[], byte[]> consumer = current;
        if (consumer != null) {
            consumer.wakeup();
        }
        try {
            boolean ended = thread.join(CLOSE_PATIENCE);
            LOG.debug("ended={}", ended);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
