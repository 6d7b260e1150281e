package dev.athanor.api.internal.cluster;

import dev.athanor.api.UnavailableException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.ClientUtils;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Clients of a real cluster.
 *
 * @param addresses as {@code host:port}, with commas between them
 * @param timeout longest wait for an answer of the cluster
 * @param properties the caller's own settings, which go before those made here
 */
record RealKafkaClients(String addresses, Duration timeout, Map<String, String> properties)
        implements KafkaClients {
    private static final String DELIVERY_TIMEOUT_MILLIS = "30000";
    private static final String BATCH_BYTES = "65536";
    private static final String LONGEST_REQUEST_MILLIS = "10000";

    RealKafkaClients {
        properties = Map.copyOf(properties);
    }

    /**
     * Asks for a connection before any Kafka client is made: those would try, and log, without end.
     */
    @Override
    public void checkReachable() {
        List<InetSocketAddress> servers;
        try {
            servers =
                    ClientUtils.parseAndValidateAddresses(
                            List.of(addresses.split(",")), "use_all_dns_ips");
        } catch (KafkaException e) {
            throw unreachable(e);
        }
        IOException last = null;
        for (InetSocketAddress server : servers) {
            try (Socket socket = new Socket()) {
                socket.connect(server, (int) (timeout.toMillis() / servers.size()));
                return;
            } catch (IOException e) {
                last = e;
            }
        }
        throw unreachable(last == null ? new IOException("no address") : last);
    }

    private UnavailableException unreachable(Exception cause) {
        return new UnavailableException(
                ("no Kafka at %s (%s): start one with ./athanor up, or set"
                                + " ATHANOR_BOOTSTRAP_SERVERS to the address of yours")
                        .formatted(addresses, cause.getMessage()),
                cause);
    }

    @Override
    public Producer<byte[], byte[]> producer() {
        Map<String, Object> config = common();
        config.put(ProducerConfig.ACKS_CONFIG, "all");
        config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, "true");
        config.put(ProducerConfig.LINGER_MS_CONFIG, "0");
        // What comes while a request is out goes with the next one: large batches under load, no
        // waiting without.
        config.put(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, "1");
        config.put(ProducerConfig.BATCH_SIZE_CONFIG, BATCH_BYTES);
        config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, Long.toString(timeout.toMillis()));
        config.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, LONGEST_REQUEST_MILLIS);
        config.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, DELIVERY_TIMEOUT_MILLIS);
        config.putAll(properties);
        return new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
    }

    @Override
    public Consumer<byte[], byte[]> replyConsumer() {
        return consumer("earliest");
    }

    @Override
    public Consumer<byte[], byte[]> blobConsumer() {
        return consumer("none");
    }

    private Consumer<byte[], byte[]> consumer(String reset) {
        Map<String, Object> config = common();
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, reset);
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
        config.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false");
        config.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, "1000");
        config.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, Long.toString(timeout.toMillis()));
        config.put(
                ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG,
                Long.toString(
                        Math.min(timeout.toMillis(), Long.parseLong(LONGEST_REQUEST_MILLIS))));
        config.putAll(properties);
        return new KafkaConsumer<>(
                config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    private Map<String, Object> common() {
        Map<String, Object> config = new HashMap<>();
        config.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, addresses);
        config.put(CommonClientConfigs.ENABLE_METRICS_PUSH_CONFIG, "false");
        config.put(CommonClientConfigs.METRIC_REPORTER_CLASSES_CONFIG, "");
        return config;
    }
}
