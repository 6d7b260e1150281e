package dev.athanor.dispatcher.batch;

import dev.athanor.dispatcher.job.JobsUnavailableException;
import dev.athanor.dispatcher.ledger.JobId;
import dev.athanor.schemas.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;

/** Finds out which calls were ever written to a queue, by the keys of its records. */
final class QueueScan {
    /** By how much a dispatcher's clock may be ahead of a broker's. */
    private static final Duration CLOCK_SKEW = Duration.ofMinutes(5);

    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final Supplier<Consumer<byte[], byte[]>> consumers;
    private final LongSupplier ticker;

    /**
     * @param consumers makes one without a group
     * @param ticker nanoseconds of a clock that never goes back
     */
    QueueScan(Supplier<Consumer<byte[], byte[]>> consumers, LongSupplier ticker) {
        this.consumers = consumers;
        this.ticker = ticker;
    }

    /**
     * Those of the calls that are not there.
     *
     * @param since when the first of them was made
     * @throws JobsUnavailableException when it takes too long
     */
    Set<UUID> missing(String machineType, Instant since, Set<UUID> calls) {
        Set<UUID> missing = new HashSet<>(calls);
        TopicPartition queue = new TopicPartition(Topics.invocations(machineType), 0);
        long deadline = ticker.getAsLong() + PATIENCE.toNanos();
        try (Consumer<byte[], byte[]> consumer = consumers.get()) {
            consumer.assign(List.of(queue));
            long end = consumer.endOffsets(List.of(queue)).getOrDefault(queue, 0L);
            OffsetAndTimestamp first =
                    consumer.offsetsForTimes(Map.of(queue, since.minus(CLOCK_SKEW).toEpochMilli()))
                            .get(queue);
            consumer.seek(queue, first == null ? end : first.offset());
            while (!missing.isEmpty() && consumer.position(queue) < end) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    id(record).ifPresent(missing::remove);
                }
                if (ticker.getAsLong() - deadline > 0) {
                    throw new JobsUnavailableException("the queue takes too long to read");
                }
            }
        }
        return missing;
    }

    private static Optional<UUID> id(ConsumerRecord<byte[], byte[]> record) {
        return record.key() == null
                ? Optional.empty()
                : JobId.parse(new String(record.key(), StandardCharsets.UTF_8));
    }
}
