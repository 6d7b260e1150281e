package dev.athanor.loadtests.guarantee;

import java.time.Duration;
import java.util.Optional;

/**
 * A call to be made.
 *
 * @param index from 0
 * @param length how long its function takes
 * @param queueTimeout by when it must have started; empty: whenever
 */
record PlannedCall(int index, Duration length, Optional<Duration> queueTimeout) {
    private static final String PREFIX = "call-";

    /** Names the call wherever its arguments lie. */
    String mark() {
        return PREFIX + index + ";";
    }

    /** What its function returns: nothing that another call's does. */
    long expected() {
        return result(mark(), length.toMillis());
    }

    static long result(String mark, long millis) {
        return 31L * mark.hashCode() + millis;
    }
}
