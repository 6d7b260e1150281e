package dev.athanor.environment.build;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Keeps failures for a while, so that a broken requirement is not built in a loop. */
final class RememberedFailures {
    private final Map<EnvironmentKey, Failure> failures = new ConcurrentHashMap<>();
    private final InstantSource clock;
    private final Duration memory;

    RememberedFailures(InstantSource clock, Duration memory) {
        this.clock = clock;
        this.memory = memory;
    }

    void remember(EnvironmentKey key, String message) {
        Instant now = clock.instant();
        failures.values().removeIf(failure -> failure.isForgotten(now));
        failures.put(key, new Failure(message, now.plus(memory)));
    }

    /** Throws when the key failed a short while ago. */
    void check(EnvironmentKey key) {
        Failure failure = failures.get(key);
        if (failure != null && !failure.isForgotten(clock.instant())) {
            throw new BuildFailedException(failure.message());
        }
    }

    private record Failure(String message, Instant until) {
        boolean isForgotten(Instant now) {
            return !now.isBefore(until);
        }
    }
}
