package dev.athanor.environment.build;

import java.time.Duration;

/** The end of a wait, on the monotonic clock. */
final class Deadline {
    private final long start = System.nanoTime();
    private final Duration timeout;

    private Deadline(Duration timeout) {
        this.timeout = timeout;
    }

    static Deadline after(Duration timeout) {
        return new Deadline(timeout);
    }

    /** Nanoseconds left, not negative; a timeout of centuries counts as one that never ends. */
    long remainingNanos() {
        Duration left = timeout.minusNanos(System.nanoTime() - start);
        if (left.isNegative()) {
            return 0;
        }
        return left.compareTo(Duration.ofNanos(Long.MAX_VALUE)) > 0
                ? Long.MAX_VALUE
                : left.toNanos();
    }

    Duration timeout() {
        return timeout;
    }
}
