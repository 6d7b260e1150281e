package dev.athanor.loadtests.warm;

import dev.athanor.schemas.Topics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * How large the records of a call are, key and value, so that the echo's are no smaller.
 *
 * @param request bytes of an invocation
 * @param reply bytes of a reply
 */
record RecordSizes(int request, int reply) {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    static RecordSizes ofLastCall(String bootstrapServers) {
        Map<String, Object> config = Map.of("bootstrap.servers", bootstrapServers);
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(
                        config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            return new RecordSizes(
                    size(consumer, Topics.invocations("M")),
                    size(consumer, Topics.replies("default")));
        }
    }

    private static int size(KafkaConsumer<byte[], byte[]> consumer, String topic) {
        List<TopicPartition> partitions =
                consumer.partitionsFor(topic).stream().map(RecordSizes::partition).toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        int size = 0;
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(TIMEOUT)) {
            size = record.serializedValueSize();
        }
        if (size == 0) {
            throw new IllegalStateException("no record in " + topic);
        }
        return size;
    }

    private static TopicPartition partition(PartitionInfo info) {
        return new TopicPartition(info.topic(), info.partition());
    }
}
