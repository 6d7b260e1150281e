package dev.athanor.loadtests.guarantee;

import java.time.Duration;
import java.time.Instant;

/**
 * Something that was done to agents or brokers and may cost calls an execution.
 *
 * @param agent that died or froze; {@link #EVERY_AGENT} where all were cut off, by the loss of a
 *     broker
 * @param from when it began
 * @param to when it was over; never before {@code from}
 */
record Fault(Kind kind, String agent, Instant from, Instant to) {
    static final String EVERY_AGENT = "*";

    /** What was done. */
    enum Kind {
        KILLED,
        FROZEN,
        BROKER_LOST
    }

    boolean hits(String otherAgent) {
        return agent.equals(EVERY_AGENT) || agent.equals(otherAgent);
    }

    /** Whether it went on at some time between the two, or less than the margin outside of them. */
    boolean overlaps(Instant begin, Instant end, Duration margin) {
        return !from.isAfter(end.plus(margin)) && !to.isBefore(begin.minus(margin));
    }
}
