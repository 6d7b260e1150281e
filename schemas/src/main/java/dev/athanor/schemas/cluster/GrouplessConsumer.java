package dev.athanor.schemas.cluster;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * A consumer that belongs to no group and commits nothing: it reads the partitions that it assigns
 * itself. Nothing is lost when it is closed, so that does not wait for the fetch under way, which
 * lasts half a second on a topic that is silent. For one thread, {@link #wakeup} apart.
 */
public final class GrouplessConsumer extends KafkaConsumer<byte[], byte[]> {
    /**
     * @param settings Kafka's, of this consumer
     */
    public GrouplessConsumer(Map<String, ?> settings) {
        super(
                committingNothing(settings),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }

    private static Map<String, Object> committingNothing(Map<String, ?> settings) {
        Map<String, Object> merged = new HashMap<>(settings);
        merged.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        return merged;
    }

    @Override
    public void close() {
        close(CloseOptions.timeout(Duration.ZERO));
    }
}
