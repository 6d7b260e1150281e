package dev.athanor.dispatcher.supervision;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What was run elsewhere lately. An agent that dies while a call goes over to a lease leaves both
 * the lease and the record; the second of them comes later and is not to count. For one thread.
 */
final class Rescued {
    /** A lease is noticed after the agents' patience, a record after its lock's 30 s. */
    private static final Duration KEPT = Duration.ofMinutes(5);

    private final Map<Generation, Long> rescuedAt = new LinkedHashMap<>();

    void add(Generation generation, long nowNanos) {
        rescuedAt.putIfAbsent(generation, nowNanos);
    }

    boolean contains(Generation generation) {
        return rescuedAt.containsKey(generation);
    }

    /** Forgets what is too old to come again. */
    void expire(long nowNanos) {
        rescuedAt.values().removeIf(at -> nowNanos - at > KEPT.toNanos());
    }
}
