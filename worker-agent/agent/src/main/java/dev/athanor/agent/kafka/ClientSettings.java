package dev.athanor.agent.kafka;

import dev.athanor.schemas.cluster.GrouplessConsumer;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.consumer.ShareConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Makes the agent's Kafka clients.
 *
 * @param bootstrapServers {@code host:port}, comma-separated
 * @param clientId prefix of every client's id
 * @param overrides Kafka client settings of the operator; they win
 */
public record ClientSettings(
        String bootstrapServers, String clientId, Map<String, String> overrides) {
    private static final int BATCH_BYTES = 64 * 1024;

    public ClientSettings {
        overrides = Map.copyOf(overrides);
    }

    /** Settings of an admin client. */
    public Map<String, Object> admin() {
        return with("admin", Map.of());
    }

    /** A producer whose sends are durable in order once they complete. */
    public Producer<byte[], byte[]> producer() {
        return new KafkaProducer<>(
                with(
                        "producer",
                        Map.of(
                                ProducerConfig.ACKS_CONFIG,
                                "all",
                                ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
                                true,
                                ProducerConfig.LINGER_MS_CONFIG,
                                0,
                                // What comes while a request is out goes with the next one: large
                                // batches under load, no waiting without.
                                ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION,
                                1,
                                ProducerConfig.BATCH_SIZE_CONFIG,
                                BATCH_BYTES)),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    /**
     * A producer that gives a record up early, since what it says is soon outdated.
     *
     * @param patience how long it tries
     */
    public Producer<byte[], byte[]> beatProducer(Duration patience) {
        int millis = Math.toIntExact(patience.toMillis());
        return new KafkaProducer<>(
                with(
                        "heartbeats",
                        Map.of(
                                ProducerConfig.ACKS_CONFIG,
                                "all",
                                ProducerConfig.LINGER_MS_CONFIG,
                                0,
                                ProducerConfig.MAX_BLOCK_MS_CONFIG,
                                Math.max(1, millis / 4),
                                ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
                                Math.max(1, millis / 2),
                                ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                                millis)),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    /** A consumer without a group that starts at the oldest record. */
    public Consumer<byte[], byte[]> follower(String role) {
        return groupless(role, "earliest");
    }

    /** A consumer without a group, for blobs. */
    public Consumer<byte[], byte[]> blobConsumer(String tenant) {
        return groupless("blobs-" + tenant, "none");
    }

    /** A consumer without a group, for a tenant's replies. */
    public Consumer<byte[], byte[]> replyConsumer(String tenant) {
        return groupless("replies-" + tenant, "latest");
    }

    private Consumer<byte[], byte[]> groupless(String role, String reset) {
        return new GrouplessConsumer(
                with(role, Map.of(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, reset)));
    }

    /**
     * A consumer of a share group.
     *
     * @param slot names its slot
     * @param maxRecords how many records a poll takes at most
     */
    public ShareConsumer<byte[], byte[]> shareConsumer(String slot, String group, int maxRecords) {
        return new KafkaShareConsumer<>(
                with(
                        slot + "-" + maxRecords,
                        Map.of(
                                // Kafka warns of a shorter one than the interval below.
                                CommonClientConfigs.CONNECTIONS_MAX_IDLE_MS_CONFIG,
                                Integer.MAX_VALUE,
                                ConsumerConfig.GROUP_ID_CONFIG,
                                group,
                                ConsumerConfig.SHARE_ACKNOWLEDGEMENT_MODE_CONFIG,
                                "explicit",
                                ConsumerConfig.SHARE_ACQUIRE_MODE_CONFIG,
                                "record_limit",
                                ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                                maxRecords,
                                // A slot whose call goes on polls nothing, for as long as it runs.
                                ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG,
                                Integer.MAX_VALUE)),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }

    /** Without the operator's settings, which may have secrets. */
    @Override
    public String toString() {
        return "ClientSettings[%s, %s]".formatted(bootstrapServers, clientId);
    }

    private Map<String, Object> with(String role, Map<String, ?> settings) {
        Map<String, Object> merged = new HashMap<>(settings);
        merged.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        merged.put(CommonClientConfigs.CLIENT_ID_CONFIG, clientId + "-" + role);
        merged.putAll(overrides);
        return merged;
    }
}
