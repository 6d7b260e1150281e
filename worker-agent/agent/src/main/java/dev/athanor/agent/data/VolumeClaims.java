package dev.athanor.agent.data;

import dev.athanor.schemas.Codec;
import dev.athanor.schemas.Topics;
import dev.athanor.schemas.UndecodableException;
import dev.athanor.schemas.VolumeClaim;
import dev.athanor.schemas.cluster.ClusterUnreachableException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What agents have said of the cluster's volume, in the order in which it became durable: that
 * order decides between agents that start at the same time. For one thread.
 */
final class VolumeClaims {
    private static final Logger LOG = LoggerFactory.getLogger(VolumeClaims.class);
    private static final TopicPartition PARTITION = new TopicPartition(Topics.VOLUMES, 0);
    private static final Duration POLL = Duration.ofMillis(100);

    private final Supplier<Consumer<byte[], byte[]>> consumers;
    private final Producer<byte[], byte[]> producer;
    private final Duration timeout;
    private final LongSupplier ticker;

    /**
     * @param consumers makes consumers without a group
     * @param producer stays its giver's to close
     * @param timeout longest wait for the cluster
     * @param ticker a monotonic clock in nanoseconds
     */
    VolumeClaims(
            Supplier<Consumer<byte[], byte[]>> consumers,
            Producer<byte[], byte[]> producer,
            Duration timeout,
            LongSupplier ticker) {
        this.consumers = consumers;
        this.producer = producer;
        this.timeout = timeout;
        this.ticker = ticker;
    }

    /**
     * The claim that counts: the first one of an operator, else the first of all.
     *
     * @throws ClusterUnreachableException when the topic cannot be read in time
     */
    Optional<VolumeClaim> standing() {
        Consumer<byte[], byte[]> consumer = consumers.get();
        try {
            consumer.assign(List.of(PARTITION));
            consumer.seekToBeginning(List.of(PARTITION));
            return read(consumer);
        } catch (KafkaException e) {
            throw unreachable(e);
        } finally {
            // A fetch for more is under way, which need not be waited for.
            consumer.close(CloseOptions.timeout(Duration.ZERO));
        }
    }

    private Optional<VolumeClaim> read(Consumer<byte[], byte[]> consumer) {
        long begin = ticker.getAsLong();
        long end = consumer.endOffsets(List.of(PARTITION), timeout).getOrDefault(PARTITION, 0L);
        Map<String, VolumeClaim> claims = new LinkedHashMap<>();
        while (consumer.position(PARTITION, timeout) < end) {
            consumer.poll(POLL).forEach(record -> apply(record, claims));
            if (ticker.getAsLong() - begin > timeout.toNanos()) {
                throw unreachable(null);
            }
        }
        return claims.values().stream()
                .filter(VolumeClaim::getDeclared)
                .findFirst()
                .or(() -> claims.values().stream().findFirst());
    }

    /** The place of a claim is that of its last record, which is all that compaction leaves. */
    private static void apply(
            ConsumerRecord<byte[], byte[]> record, Map<String, VolumeClaim> claims) {
        if (record.key() == null) {
            return;
        }
        String key = new String(record.key(), StandardCharsets.UTF_8);
        claims.remove(key);
        if (record.value() == null) {
            return;
        }
        try {
            claims.put(key, Codec.current().decode(record.value(), VolumeClaim.class));
        } catch (UndecodableException e) {
            LOG.warn("a record of {} cannot be read: {}", Topics.VOLUMES, e.getMessage());
        }
    }

    /**
     * Adds a claim, and returns once it is durable.
     *
     * @throws ClusterUnreachableException when that takes too long
     */
    void put(VolumeClaim claim) throws InterruptedException {
        send(claim.getId(), Codec.current().encode(claim));
    }

    /** Takes a claim back, and returns once that is durable. */
    void withdraw(String id) throws InterruptedException {
        send(id, null);
    }

    private void send(String id, byte @Nullable [] value) throws InterruptedException {
        byte[] key = id.getBytes(StandardCharsets.UTF_8);
        try {
            producer.send(new ProducerRecord<>(Topics.VOLUMES, 0, key, value))
                    .get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw unreachable(e);
        }
    }

    private ClusterUnreachableException unreachable(@Nullable Exception cause) {
        return new ClusterUnreachableException(
                "the topic %s cannot be used within %d s"
                        .formatted(Topics.VOLUMES, timeout.toSeconds()),
                cause);
    }
}
