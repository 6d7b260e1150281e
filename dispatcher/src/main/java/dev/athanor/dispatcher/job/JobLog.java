package dev.athanor.dispatcher.job;

import dev.athanor.schemas.Codec;
import dev.athanor.schemas.LogLines;
import dev.athanor.schemas.UndecodableException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the log lines of one job, in the order in which they came, for as long as Kafka keeps them.
 * For one thread.
 */
public final class JobLog implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(JobLog.class);

    private final Consumer<byte[], byte[]> consumer;
    private final TopicPartition partition;
    private final byte[] key;

    /**
     * Lines that came together.
     *
     * @param position names them, to go on after them
     */
    public record Part(long position, LogLines lines) {}

    private JobLog(Consumer<byte[], byte[]> consumer, TopicPartition partition, byte[] key) {
        this.consumer = consumer;
        this.partition = partition;
        this.key = key;
    }

    /**
     * @param consumer without a group; closed with this
     * @param since no line is older
     * @param after the position to go on after; empty: from the first line
     */
    static JobLog open(
            Consumer<byte[], byte[]> consumer,
            TopicPartition partition,
            byte[] key,
            Instant since,
            OptionalLong after) {
        try {
            consumer.assign(List.of(partition));
            if (after.isPresent()) {
                consumer.seek(partition, after.getAsLong() + 1);
            } else {
                OffsetAndTimestamp first =
                        consumer.offsetsForTimes(Map.of(partition, since.toEpochMilli()))
                                .get(partition);
                if (first == null) {
                    consumer.seekToEnd(List.of(partition));
                } else {
                    consumer.seek(partition, first.offset());
                }
            }
            return new JobLog(consumer, partition, key);
        } catch (KafkaException e) {
            consumer.close();
            throw new JobsUnavailableException("Kafka does not answer: " + e, e);
        }
    }

    /**
     * What has come since.
     *
     * @param patience how long to wait for something
     */
    public List<Part> read(Duration patience) {
        List<Part> parts = new ArrayList<>();
        try {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(patience)) {
                if (Arrays.equals(record.key(), key)) {
                    add(parts, record);
                }
            }
        } catch (KafkaException e) {
            throw new JobsUnavailableException("Kafka does not answer: " + e, e);
        }
        return parts;
    }

    private static void add(List<Part> parts, ConsumerRecord<byte[], byte[]> record) {
        try {
            byte[] value = record.value() == null ? new byte[0] : record.value();
            parts.add(new Part(record.offset(), Codec.current().decode(value, LogLines.class)));
        } catch (UndecodableException e) {
            LOG.warn("offset={} of the logs left out: {}", record.offset(), e.toString());
        }
    }

    /** Whether everything that lies in Kafka now was read. */
    public boolean isAtEnd() {
        try {
            long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
            return consumer.position(partition) >= end;
        } catch (KafkaException e) {
            throw new JobsUnavailableException("Kafka does not answer: " + e, e);
        }
    }

    @Override
    public void close() {
        consumer.close();
    }
}
