package dev.athanor.dispatcher.http;

import dev.athanor.schemas.RetryPolicy;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * When a job is to run again because of what its function did.
 *
 * @param attempts how many there are, the first one included; 1 to 100
 * @param firstDelayMillis 1,000 by default
 * @param factor how many times as long as the one before each delay is, 1 to 100; 2 by default
 * @param maxDelayMillis 300,000 by default
 * @param jitter by up to which part of it a delay is longer or shorter, 0 to 1; 0.1 by default
 * @param exceptions names of classes; none means all
 */
record RetriesRequest(
        int attempts,
        @Nullable Long firstDelayMillis,
        @Nullable Double factor,
        @Nullable Long maxDelayMillis,
        @Nullable Double jitter,
        @Nullable List<String> exceptions) {
    private static final int MOST_ATTEMPTS = 100;
    private static final int MOST_EXCEPTIONS = 100;
    private static final double LARGEST_FACTOR = 100;
    private static final long LONGEST_MILLIS = 7L * 24 * 3600 * 1000;

    RetriesRequest {
        exceptions = exceptions == null ? List.of() : List.copyOf(exceptions);
        check(attempts >= 1 && attempts <= MOST_ATTEMPTS, "attempts", "1 to 100");
        checkDelay(firstDelayMillis, "firstDelayMillis");
        checkDelay(maxDelayMillis, "maxDelayMillis");
        check(factor == null || (factor >= 1 && factor <= LARGEST_FACTOR), "factor", "1 to 100");
        check(jitter == null || (jitter >= 0 && jitter <= 1), "jitter", "0 to 1");
        check(exceptions.size() <= MOST_EXCEPTIONS, "exceptions", "100 at most");
    }

    private static void checkDelay(@Nullable Long millis, String name) {
        check(millis == null || (millis >= 0 && millis <= LONGEST_MILLIS), name, "0 to 7 days");
    }

    private static void check(boolean holds, String name, String legal) {
        if (!holds) {
            throw new IllegalArgumentException("retries.%s must be %s".formatted(name, legal));
        }
    }

    RetryPolicy policy() {
        RetryPolicy.Builder policy = RetryPolicy.newBuilder().setAttempts(attempts);
        if (firstDelayMillis != null) {
            policy.setFirstDelayMillis(firstDelayMillis);
        }
        if (factor != null) {
            policy.setFactor(factor);
        }
        if (maxDelayMillis != null) {
            policy.setMaxDelayMillis(maxDelayMillis);
        }
        if (jitter != null) {
            policy.setJitter(jitter);
        }
        return policy.setExceptions(Objects.requireNonNull(exceptions)).build();
    }
}
