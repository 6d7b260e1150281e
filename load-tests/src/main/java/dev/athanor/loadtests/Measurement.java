package dev.athanor.loadtests;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.HdrHistogram.Histogram;

/**
 * What several rounds of one kind of round trip measured: times with one in flight, and how many
 * there are a second with many. Driven by one thread.
 */
public final class Measurement {
    private static final long LONGEST_NANOS = Duration.ofMinutes(1).toNanos();
    private static final int DIGITS = 3;

    private final RoundTrips roundTrips;
    private final Histogram times = new Histogram(LONGEST_NANOS, DIGITS);
    private long counted;
    private long countedNanos;

    public Measurement(RoundTrips roundTrips) {
        this.roundTrips = roundTrips;
    }

    /** Makes round trips one after the other for that long, and notes how long each took. */
    public void oneInFlight(Duration duration) {
        long end = System.nanoTime() + duration.toNanos();
        for (long begin = System.nanoTime(); begin < end; ) {
            roundTrips.start().join();
            long now = System.nanoTime();
            times.recordValue(Math.min(now - begin, LONGEST_NANOS));
            begin = now;
        }
    }

    /** Keeps as many in flight for that long, and counts those that ended within it. */
    public void manyInFlight(int inFlight, Duration duration) throws InterruptedException {
        Semaphore room = new Semaphore(inFlight);
        AtomicLong ended = new AtomicLong();
        AtomicReference<Throwable> failure = new AtomicReference<>();
        long begin = System.nanoTime();
        long end = begin + duration.toNanos();
        while (System.nanoTime() < end && failure.get() == null) {
            room.acquire();
            CompletableFuture<?> _ =
                    roundTrips
                            .start()
                            .whenComplete((answer, error) -> {
                                ended.incrementAndGet();
                                if (error != null) {
                                    failure.set(error);
                                }
                                room.release();
                            });
        }
        counted += ended.get();
        countedNanos += System.nanoTime() - begin;
        room.acquire(inFlight);
        if (failure.get() != null) {
            throw new IllegalStateException("a round trip failed", failure.get());
        }
    }

    /** How many round trips were counted with many in flight. */
    public long counted() {
        return counted;
    }

    /** Forgets what was measured so far: it was for warming up. */
    public void reset() {
        times.reset();
        counted = 0;
        countedNanos = 0;
    }

    /** A percentile of the times with one in flight, in milliseconds. */
    public double millis(double percentile) {
        return times.getValueAtPercentile(percentile) / 1e6;
    }

    /** Round trips a second with many in flight. */
    public double perSecond() {
        return counted / (countedNanos / 1e9);
    }
}
