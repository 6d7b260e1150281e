package dev.athanor.dispatcher;

import dev.athanor.schemas.attempt.Attempts;
import java.time.Duration;
import java.util.Map;

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
 */
public record DispatcherConfig(
        String id,
        String bootstrapServers,
        String tenant,
        Duration patience,
        Attempts attempts,
        Map<String, String> kafka) {
    /** The tenant of a cluster without credentials. */
    public static final String DEFAULT_TENANT = "default";

    public DispatcherConfig {
        kafka = Map.copyOf(kafka);
        if (patience.compareTo(Duration.ZERO) <= 0) {
            throw new IllegalArgumentException("patience must be above 0, got " + patience);
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
                Map.of());
    }

    public DispatcherConfig withPatience(Duration newPatience) {
        return new DispatcherConfig(id, bootstrapServers, tenant, newPatience, attempts, kafka);
    }
}
