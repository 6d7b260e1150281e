package dev.athanor.api.internal.cluster;

import dev.athanor.api.UnauthorizedException;
import dev.athanor.api.UnavailableException;
import dev.athanor.schemas.cluster.GrouplessConsumer;
import dev.athanor.schemas.keys.Credentials;
import dev.athanor.schemas.keys.ListenerProbe;
import dev.athanor.schemas.keys.Profile;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.ClientUtils;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Clients of a real cluster.
 *
 * @param addresses as {@code host:port}, with commas between them
 * @param timeout longest wait for an answer of the cluster
 * @param access by which key it is let in
 * @param properties the caller's own settings, which go before those made here
 */
record RealKafkaClients(
        String addresses, Duration timeout, Access access, Map<String, String> properties)
        implements KafkaClients {
    private static final int LONGEST_PROBE_MILLIS = 2_000;
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
            } catch (IOException e) {
                last = e;
                continue;
            }
            checkProtocol(server);
            return;
        }
        throw unreachable(last == null ? new IOException("no address") : last);
    }

    /** Whether there is to be TLS follows from whether there is a key, unless the caller says. */
    private void checkProtocol(InetSocketAddress server) {
        if (properties.containsKey(CommonClientConfigs.SECURITY_PROTOCOL_CONFIG)) {
            return;
        }
        int millis = (int) Math.min(timeout.toMillis(), LONGEST_PROBE_MILLIS);
        ListenerProbe probe = new ListenerProbe(server, millis);
        if (access.credentials().isEmpty() && probe.asksForKeys()) {
            throw new UnauthorizedException(
                    ("Kafka at %s asks for a key: give one by credentials(…), by %s and %s, or by a"
                                    + " profile file")
                            .formatted(addresses, Profile.KEY_ID, Profile.KEY_SECRET));
        }
        if (access.credentials().isPresent() && !probe.speaksTls() && probe.speaksPlain()) {
            throw new UnauthorizedException(
                    ("Kafka at %s has no TLS, so %s is not shown to it: start it with --secure, or"
                                    + " leave the key out")
                            .formatted(addresses, access));
        }
    }

    @Override
    public Optional<String> keyId() {
        return access.credentials().map(Credentials::keyId);
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
        config.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false");
        config.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, "1000");
        config.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, Long.toString(timeout.toMillis()));
        config.put(
                ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG,
                Long.toString(
                        Math.min(timeout.toMillis(), Long.parseLong(LONGEST_REQUEST_MILLIS))));
        config.putAll(properties);
        return new GrouplessConsumer(config);
    }

    /** Without the settings, which have secrets. */
    @Override
    public String toString() {
        return "RealKafkaClients[%s, %s]".formatted(addresses, access);
    }

    private Map<String, Object> common() {
        Map<String, Object> config = new HashMap<>();
        config.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, addresses);
        config.put(CommonClientConfigs.ENABLE_METRICS_PUSH_CONFIG, "false");
        config.put(CommonClientConfigs.METRIC_REPORTER_CLASSES_CONFIG, "");
        config.putAll(access.settings());
        return config;
    }
}
