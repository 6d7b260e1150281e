package dev.athanor.schemas.keys;

import dev.athanor.schemas.Codec;
import dev.athanor.schemas.KeyRecord;
import dev.athanor.schemas.Topics;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;

/** A topic of keys, and its reader. */
final class FakeKeys {
    private static final TopicPartition PARTITION = new TopicPartition(Topics.KEYS, 0);

    private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest");
    private final AtomicLong end = new AtomicLong();

    FakeKeys() {
        Node[] none = {};
        consumer.updatePartitions(
                Topics.KEYS, List.of(new PartitionInfo(Topics.KEYS, 0, Node.noNode(), none, none)));
        consumer.updateBeginningOffsets(Map.of(PARTITION, 0L));
        consumer.updateEndOffsets(Map.of(PARTITION, 0L));
    }

    Consumer<byte[], byte[]> consumer() {
        return consumer;
    }

    void add(KeyRecord key) {
        byte[] id = key.getKeyId().getBytes(StandardCharsets.UTF_8);
        add(id, Codec.current().encode(key));
    }

    /** The reader may not have its partition yet; what comes then waits for its next poll. */
    void add(byte[] key, byte[] value) {
        long offset = end.getAndIncrement();
        consumer.updateEndOffsets(Map.of(PARTITION, offset + 1));
        consumer.schedulePollTask(
                () -> consumer.addRecord(new ConsumerRecord<>(Topics.KEYS, 0, offset, key, value)));
    }
}
