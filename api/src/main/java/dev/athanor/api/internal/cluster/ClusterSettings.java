package dev.athanor.api.internal.cluster;

import dev.athanor.schemas.blob.Blobs;
import java.net.URI;
import java.time.Duration;

/**
 * What a client was told.
 *
 * @param tenant whose functions are called
 * @param connectTimeout longest wait for an answer of the cluster
 * @param payloadLimit largest arguments and largest result, in bytes
 * @param maxInFlight how many calls may be under way
 * @param maxInFlightBytes how many bytes of arguments they may hold, unless there is one only
 * @param failsWhenFull true: a call beyond that is refused; false: it waits
 * @param access by which key it is let in
 * @param dispatcher where jobs are submitted and asked for
 */
public record ClusterSettings(
        String tenant,
        Duration connectTimeout,
        long payloadLimit,
        int maxInFlight,
        long maxInFlightBytes,
        boolean failsWhenFull,
        Access access,
        URI dispatcher) {
    /** That of an {@code athanor up} on this machine. */
    static final URI LOCAL_DISPATCHER = URI.create("http://localhost:8700");

    /** Without bounds, and without a key. */
    ClusterSettings(String tenant, Duration connectTimeout) {
        this(
                tenant,
                connectTimeout,
                Blobs.DEFAULT_LIMIT,
                Integer.MAX_VALUE,
                Long.MAX_VALUE,
                false,
                Access.NONE,
                LOCAL_DISPATCHER);
    }
}
