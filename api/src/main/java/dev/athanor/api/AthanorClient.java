package dev.athanor.api;

import dev.athanor.api.internal.cluster.ClusterHost;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A connection to a cluster of agents, for callers that need more than {@link Athanor#cloud()}:
 * other clusters, tenants or settings, and a moment to close it.
 *
 * {@snippet :
 * try (AthanorClient client = AthanorClient.builder().bootstrapServers("kafka:9092").build()) {
 *     hello.on(host(cloud(client))).call();
 * }
 * }
 *
 * <p>Connects when it is first needed, and again after a failure. Safe for any number of threads.
 * Its own threads are daemons.
 */
public final class AthanorClient implements Host {
    private final Host cluster;

    private AthanorClient(Host cluster) {
        this.cluster = cluster;
    }

    public static Builder builder() {
        return new Builder(System.getenv());
    }

    @Override
    public <R extends @Nullable Object> CompletableFuture<R> submit(
            Callee<R> callee, @Nullable Object... arguments) {
        return cluster.submit(callee, arguments);
    }

    /**
     * Cancels the calls under way, which end with {@link CancelledCallException}, and frees threads
     * and connections; waits at most a few seconds for the cluster. To keep their results, wait for
     * the futures first.
     */
    @Override
    public void close() {
        cluster.close();
    }

    @Override
    public String toString() {
        return cluster.toString();
    }

    /** Settings of a client; each has a default. Not for use by several threads. */
    public static final class Builder {
        private static final Setting<String> BOOTSTRAP_SERVERS =
                Setting.of("bootstrapServers", "localhost:9092", Legal.text());
        private static final Setting<String> TENANT =
                Setting.of("tenant", "default", Legal.topicPart());
        private static final Setting<Duration> CONNECT_TIMEOUT =
                Setting.of(
                        "connectTimeout",
                        Duration.ofSeconds(10),
                        Legal.durations(Duration.ofMillis(1), Duration.ofHours(1)));

        private String bootstrapServers;
        private String tenant;
        private Duration connectTimeout = CONNECT_TIMEOUT.fallback();
        private final Map<String, String> kafkaProperties = new HashMap<>();

        private Builder(Map<String, String> environment) {
            bootstrapServers =
                    environment.getOrDefault(
                            "ATHANOR_BOOTSTRAP_SERVERS", BOOTSTRAP_SERVERS.fallback());
            tenant = environment.getOrDefault("ATHANOR_TENANT", TENANT.fallback());
        }

        /**
         * Addresses of Kafka as {@code host:port}, with commas between them; default the
         * environment variable {@code ATHANOR_BOOTSTRAP_SERVERS}, else {@code localhost:9092}.
         */
        public Builder bootstrapServers(String addresses) {
            this.bootstrapServers = addresses;
            return this;
        }

        /**
         * Whose functions these are; default the environment variable {@code ATHANOR_TENANT}, else
         * {@code default}.
         */
        public Builder tenant(String tenant) {
            this.tenant = tenant;
            return this;
        }

        /** Longest wait for the cluster when connecting; default 10 s, at most 1 hour. */
        public Builder connectTimeout(Duration limit) {
            this.connectTimeout = limit;
            return this;
        }

        /** A setting of the Kafka clients, for instance of TLS or SASL. */
        public Builder kafkaProperty(String key, String value) {
            kafkaProperties.put(key, value);
            return this;
        }

        /**
         * Makes the client, which does not connect yet.
         *
         * @throws InvalidOptionException when a setting has a value that it cannot have
         */
        public AthanorClient build() {
            BOOTSTRAP_SERVERS.to(bootstrapServers);
            TENANT.to(tenant);
            CONNECT_TIMEOUT.to(connectTimeout);
            return new AthanorClient(
                    ClusterHost.of(bootstrapServers, tenant, connectTimeout, kafkaProperties));
        }
    }
}
