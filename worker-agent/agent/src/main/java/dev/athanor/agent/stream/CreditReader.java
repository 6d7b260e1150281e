package dev.athanor.agent.stream;

import dev.athanor.agent.metrics.AgentMetrics;
import dev.athanor.schemas.Codec;
import dev.athanor.schemas.SignedEnvelope;
import dev.athanor.schemas.StreamCredit;
import dev.athanor.schemas.Topics;
import dev.athanor.schemas.UndecodableException;
import dev.athanor.schemas.cluster.ClusterUnreachableException;
import dev.athanor.schemas.keys.RefusedException;
import dev.athanor.schemas.keys.Trust;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads what is granted from its start on, on a thread of its own. What is no credit is counted and
 * dropped. After a failure it goes on with a new consumer from where it was.
 */
public final class CreditReader implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CreditReader.class);
    private static final Duration POLL = Duration.ofSeconds(5);
    private static final Duration BACKOFF = Duration.ofSeconds(1);
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(10);

    private final Supplier<Consumer<byte[], byte[]>> consumers;
    private final Credits credits;
    private final Trust trust;
    private final AgentMetrics metrics;
    private final Thread thread;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final CompletableFuture<Void> reading = new CompletableFuture<>();
    private final Map<TopicPartition, Long> positions = new HashMap<>();
    private volatile @Nullable Consumer<byte[], byte[]> current;

    /**
     * @param consumers makes a consumer without a group, anew after a failure
     * @param trust says whose credit it is
     */
    public CreditReader(
            Supplier<Consumer<byte[], byte[]>> consumers,
            Credits credits,
            Trust trust,
            AgentMetrics metrics) {
        this.consumers = consumers;
        this.credits = credits;
        this.trust = trust;
        this.metrics = metrics;
        this.thread = Thread.ofPlatform().name("credits").daemon().unstarted(this::run);
    }

    /**
     * Starts, and returns when all that is granted from now on will be read.
     *
     * @throws ClusterUnreachableException when that takes too long
     */
    public void start(Duration timeout) throws InterruptedException {
        thread.start();
        try {
            reading.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            throw new ClusterUnreachableException(
                    "the topic %s was not read within %d s"
                            .formatted(Topics.CREDITS, timeout.toSeconds()),
                    e);
        }
    }

    private void run() {
        while (!isStopped()) {
            try (Consumer<byte[], byte[]> consumer = consumers.get()) {
                current = consumer;
                seek(consumer);
                reading.complete(null);
                while (!isStopped()) {
                    for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                        read(record);
                        positions.put(
                                new TopicPartition(record.topic(), record.partition()),
                                record.offset() + 1);
                    }
                }
            } catch (WakeupException e) {
                // Closing wakes it, and nobody else does.
                return;
            } catch (RuntimeException e) {
                LOG.warn("credits cannot be read and are tried again", e);
                backOff();
            } finally {
                current = null;
            }
        }
    }

    private void seek(Consumer<byte[], byte[]> consumer) {
        List<TopicPartition> partitions =
                consumer.partitionsFor(Topics.CREDITS).stream()
                        .map(info -> new TopicPartition(info.topic(), info.partition()))
                        .toList();
        consumer.assign(partitions);
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        for (TopicPartition partition : partitions) {
            long position =
                    positions.computeIfAbsent(partition, each -> ends.getOrDefault(each, 0L));
            consumer.seek(partition, position);
        }
    }

    private void read(ConsumerRecord<byte[], byte[]> record) {
        try {
            if (record.value() == null) {
                throw new UndecodableException("the record has no value");
            }
            SignedEnvelope envelope = Codec.current().decode(record.value(), SignedEnvelope.class);
            StreamCredit credit = credit(envelope.getContent());
            Optional<String> tenant = trust.canceller(record, envelope).or(() -> meant(credit));
            credits.grant(tenant, credit.getCorrelationId(), credit.getRun(), credit.getUpTo());
        } catch (RefusedException e) {
            LOG.info("offset={} credit refused: {}", record.offset(), e.getMessage());
            metrics.refused("credit", e.reason());
        } catch (UndecodableException e) {
            LOG.debug("offset={} is no credit: {}", record.offset(), e.getMessage());
        }
    }

    /** Whose call an operator means; empty: anybody's. */
    private static Optional<String> meant(StreamCredit credit) {
        return Optional.of(credit.getTenant()).filter(Topics::isName);
    }

    private static StreamCredit credit(ByteBuffer content) {
        return Codec.current().decode(content, StreamCredit.class);
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
