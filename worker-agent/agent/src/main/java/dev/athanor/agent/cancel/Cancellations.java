package dev.athanor.agent.cancel;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The calls that were cancelled, those of this agent and those that may still come to it. What was
 * cancelled is remembered for as long as an invocation can stand in a queue, and for the latest
 * {@value #MAX_REMEMBERED} of them at most. Safe for any number of threads.
 */
public final class Cancellations {
    /** The longest queue deadline is 7 days; a clock or two may be wrong. */
    public static final Duration REMEMBERED_FOR = Duration.ofDays(8);

    /** Some 20 MB. */
    static final int MAX_REMEMBERED = 100_000;

    private final InstantSource clock;

    // Both guarded by this.
    private final Map<String, CallStop> underWay = new LinkedHashMap<>();
    private final Map<String, Instant> remembered = new LinkedHashMap<>();

    public Cancellations(InstantSource clock) {
        this.clock = clock;
    }

    /** Whether the call was cancelled. */
    public synchronized boolean isCancelled(String correlationId) {
        return remembered.containsKey(correlationId);
    }

    /**
     * Watches over a call until {@link #forget}; where it was cancelled before, the stop is asked
     * for already.
     */
    public CallStop watch(String correlationId) {
        CallStop stop = new CallStop();
        boolean isCancelled;
        synchronized (this) {
            underWay.put(correlationId, stop);
            isCancelled = isCancelled(correlationId);
        }
        if (isCancelled) {
            stop.request();
        }
        return stop;
    }

    /** Ends the watch over a call. */
    public synchronized void forget(String correlationId, CallStop stop) {
        underWay.remove(correlationId, stop);
    }

    /**
     * Notes a cancellation and stops the call where it is under way.
     *
     * @param at when it was asked for
     * @return whether a call was stopped
     */
    boolean cancel(String correlationId, Instant at) {
        CallStop stop;
        synchronized (this) {
            remembered.putIfAbsent(correlationId, at);
            expire();
            stop = underWay.get(correlationId);
        }
        return stop != null && stop.request();
    }

    private void expire() {
        Instant oldest = clock.instant().minus(REMEMBERED_FOR);
        Iterator<Instant> times = remembered.values().iterator();
        while (times.hasNext()
                && (times.next().isBefore(oldest) || remembered.size() > MAX_REMEMBERED)) {
            times.remove();
        }
    }
}
