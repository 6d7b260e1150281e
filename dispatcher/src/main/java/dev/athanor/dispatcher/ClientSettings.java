package dev.athanor.dispatcher;

import dev.athanor.dispatcher.supervision.SupervisionClients;
import dev.athanor.schemas.cluster.GrouplessConsumer;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.consumer.ShareConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Makes the dispatcher's Kafka clients; the operator's settings win. */
record ClientSettings(String bootstrapServers, String clientId, Map<String, String> overrides)
        implements SupervisionClients {
    private static final Duration SESSION_TIMEOUT = Duration.ofSeconds(10);

    /**
     * An open transaction holds up its queues: one whose supervisor died is ended by its successor,
     * or by the broker after this.
     */
    private static final Duration TRANSACTION_TIMEOUT = Duration.ofSeconds(10);

    Map<String, Object> admin() {
        return with("admin", Map.of());
    }

    @Override
    public Consumer<byte[], byte[]> follower(String role) {
        return groupless(role, "earliest");
    }

    /** A consumer without a group, for a tenant's blobs. */
    Consumer<byte[], byte[]> blobs(String tenant) {
        return groupless("blobs-" + tenant, "none");
    }

    @Override
    public Consumer<byte[], byte[]> member(String group, boolean commits) {
        return new KafkaConsumer<>(
                with(
                        group,
                        Map.of(
                                ConsumerConfig.GROUP_ID_CONFIG,
                                group,
                                ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG,
                                Math.toIntExact(SESSION_TIMEOUT.toMillis()),
                                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                                "earliest",
                                ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                                "read_committed",
                                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                                commits)),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }

    @Override
    public ShareConsumer<byte[], byte[]> shareMember(String group) {
        return new KafkaShareConsumer<>(
                with(
                        group,
                        Map.of(
                                ConsumerConfig.GROUP_ID_CONFIG,
                                group,
                                ConsumerConfig.SHARE_ACKNOWLEDGEMENT_MODE_CONFIG,
                                "explicit")),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }

    @Override
    public Producer<byte[], byte[]> producer(String role) {
        return new KafkaProducer<>(
                with(
                        role,
                        Map.of(
                                ProducerConfig.ACKS_CONFIG,
                                "all",
                                ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
                                true)),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    /** A producer for those who wait: it gives up well before they do. */
    Producer<byte[], byte[]> promptProducer(String role) {
        return new KafkaProducer<>(
                with(
                        role,
                        Map.of(
                                ProducerConfig.ACKS_CONFIG,
                                "all",
                                ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
                                true,
                                ProducerConfig.LINGER_MS_CONFIG,
                                0,
                                ProducerConfig.MAX_BLOCK_MS_CONFIG,
                                Math.toIntExact(SESSION_TIMEOUT.toMillis()),
                                ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
                                Math.toIntExact(SESSION_TIMEOUT.toMillis()),
                                ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                                Math.toIntExact(SESSION_TIMEOUT.multipliedBy(2).toMillis()))),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    /** A producer that gives up after so long, so that what it was given is known to be over. */
    Producer<byte[], byte[]> batchProducer(Duration patience) {
        int millis = Math.toIntExact(patience.toMillis());
        return new KafkaProducer<>(
                with(
                        "batches",
                        Map.of(
                                ProducerConfig.ACKS_CONFIG,
                                "all",
                                ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
                                true,
                                ProducerConfig.LINGER_MS_CONFIG,
                                0,
                                ProducerConfig.MAX_BLOCK_MS_CONFIG,
                                millis / 2,
                                ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
                                millis / 2,
                                ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                                millis)),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    @Override
    public Admin admin(String role) {
        return Admin.create(with(role, Map.of()));
    }

    @Override
    public Producer<byte[], byte[]> transactional(String transactionalId) {
        int millis = Math.toIntExact(TRANSACTION_TIMEOUT.toMillis());
        return new KafkaProducer<>(
                with(
                        transactionalId,
                        Map.of(
                                ProducerConfig.TRANSACTIONAL_ID_CONFIG,
                                transactionalId,
                                ProducerConfig.TRANSACTION_TIMEOUT_CONFIG,
                                millis,
                                ProducerConfig.MAX_BLOCK_MS_CONFIG,
                                millis,
                                ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
                                millis / 2,
                                ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                                millis)),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    private Consumer<byte[], byte[]> groupless(String role, String reset) {
        return new GrouplessConsumer(
                with(role, Map.of(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, reset)));
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
