package dev.athanor.dispatcher;

import dev.athanor.schemas.attempt.Attempts;
import dev.athanor.schemas.keys.Credentials;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a dispatcher is.
 *
 * @param id names it in logs and to Kafka
 * @param bootstrapServers of Kafka, {@code host:port}, comma-separated
 * @param tenant whose every invocation is, on a cluster without credentials
 * @param patience for how long an agent may not beat before what it has is run elsewhere; the same
 *     as the agents' own, 10 s by default
 * @param attempts how many attempts an invocation has
 * @param kafka further settings of every Kafka client
 * @param credentials of an operator, on a cluster with credentials; none by default
 * @param database JDBC URL of the PostgreSQL that keeps the ledger of jobs; none by default, and
 *     then there is no ledger
 * @param http where it answers HTTP; nowhere by default
 * @param maxQueuedJobs how many jobs of a tenant may wait for one machine type, from 1; one more is
 *     refused
 * @param privateWebhooks whether addresses of private networks may be told of ends of jobs; false
 *     by default
 */
public record DispatcherConfig(
        String id,
        String bootstrapServers,
        String tenant,
        Duration patience,
        Attempts attempts,
        Map<String, String> kafka,
        Optional<Credentials> credentials,
        Optional<String> database,
        Optional<InetSocketAddress> http,
        int maxQueuedJobs,
        boolean privateWebhooks) {
    /** How many jobs of a tenant may wait for one machine type, where nothing else is said. */
    public static final int DEFAULT_MAX_QUEUED_JOBS = 1_000_000;

    /** The tenant of a cluster without credentials. */
    public static final String DEFAULT_TENANT = "default";

    public DispatcherConfig {
        kafka = Map.copyOf(kafka);
        if (patience.compareTo(Duration.ZERO) <= 0) {
            throw new IllegalArgumentException("patience must be above 0, got " + patience);
        }
        if (maxQueuedJobs < 1) {
            throw new IllegalArgumentException(
                    "at least 1 job has to have room in a queue, got " + maxQueuedJobs);
        }
    }

    /** Everything at its default. */
    public static DispatcherConfig of(String id, String bootstrapServers) {
        return new DispatcherConfig(
                id,
                bootstrapServers,
                DEFAULT_TENANT,
                Duration.ofSeconds(10),
                new Attempts(Attempts.DEFAULT_MAX),
                Map.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                DEFAULT_MAX_QUEUED_JOBS,
                false);
    }

    /** Without the settings for Kafka and the database's URL, which may have secrets. */
    @Override
    public String toString() {
        return "DispatcherConfig[id=%s, bootstrapServers=%s]".formatted(id, bootstrapServers);
    }

    public DispatcherConfig withPatience(Duration newPatience) {
        return new DispatcherConfig(
                id,
                bootstrapServers,
                tenant,
                newPatience,
                attempts,
                kafka,
                credentials,
                database,
                http,
                maxQueuedJobs,
                privateWebhooks);
    }

    /**
     * On a cluster with credentials.
     *
     * @param access settings of Kafka clients that log in by them
     */
    public DispatcherConfig withCredentials(
            Credentials newCredentials, Map<String, String> access) {
        Map<String, String> merged = new HashMap<>(kafka);
        merged.putAll(access);
        return new DispatcherConfig(
                id,
                bootstrapServers,
                tenant,
                patience,
                attempts,
                merged,
                Optional.of(newCredentials),
                database,
                http,
                maxQueuedJobs,
                privateWebhooks);
    }

    /** With a ledger of jobs in the PostgreSQL of that JDBC URL. */
    public DispatcherConfig withDatabase(String url) {
        return new DispatcherConfig(
                id,
                bootstrapServers,
                tenant,
                patience,
                attempts,
                kafka,
                credentials,
                Optional.of(url),
                http,
                maxQueuedJobs,
                privateWebhooks);
    }

    /**
     * With a door for HTTP.
     *
     * @param address where it listens; port 0 takes a free one
     */
    public DispatcherConfig withHttp(InetSocketAddress address) {
        return new DispatcherConfig(
                id,
                bootstrapServers,
                tenant,
                patience,
                attempts,
                kafka,
                credentials,
                database,
                Optional.of(address),
                maxQueuedJobs,
                privateWebhooks);
    }

    public DispatcherConfig withMaxQueuedJobs(int newMaxQueuedJobs) {
        return new DispatcherConfig(
                id,
                bootstrapServers,
                tenant,
                patience,
                attempts,
                kafka,
                credentials,
                database,
                http,
                newMaxQueuedJobs,
                privateWebhooks);
    }

    /** With webhooks of private networks allowed, or not. */
    public DispatcherConfig withPrivateWebhooks(boolean allowed) {
        return new DispatcherConfig(
                id,
                bootstrapServers,
                tenant,
                patience,
                attempts,
                kafka,
                credentials,
                database,
                http,
                maxQueuedJobs,
                allowed);
    }
}
