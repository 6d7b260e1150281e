package dev.athanor.dispatcher.ledger;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.kafka.common.TopicPartition;

/**
 * Wakes those who wait for what this process reads: how far that is, and which jobs have ended.
 * Safe for any number of threads.
 */
final class LedgerSignals {
    private final LongSupplier ticker;

    // Guarded by this.
    private final Map<TopicPartition, Long> applied = new HashMap<>();
    private long news;
    private final Map<JobKey, Set<CountDownLatch>> watched = new HashMap<>();

    /**
     * @param ticker nanoseconds of a clock that never goes back
     */
    LedgerSignals(LongSupplier ticker) {
        this.ticker = ticker;
    }

    /** This process has read up to there. */
    synchronized void applied(TopicPartition partition, long next) {
        applied.put(partition, next);
        news++;
        notifyAll();
    }

    /** Others read them from now on. */
    synchronized void left(Set<TopicPartition> partitions) {
        applied.keySet().removeAll(partitions);
        notifyAll();
    }

    /** Whether this process reads the partition. */
    synchronized boolean reads(TopicPartition partition) {
        return applied.containsKey(partition);
    }

    synchronized void ended(JobKey key) {
        watched.getOrDefault(key, Set.of()).forEach(CountDownLatch::countDown);
    }

    /** Waits until this process has read up to there; false when it had not by then. */
    synchronized boolean await(TopicPartition partition, long end, Duration timeout)
            throws InterruptedException {
        long deadline = ticker.getAsLong() + timeout.toNanos();
        while (applied.getOrDefault(partition, -1L) < end) {
            long left = deadline - ticker.getAsLong();
            if (left <= 0) {
                return false;
            }
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
        return true;
    }

    /** How often this process has read on. */
    synchronized long news() {
        return news;
    }

    /** Waits until it has read on since that was said, or for so long. */
    synchronized void awaitNews(long seen, Duration timeout) throws InterruptedException {
        long deadline = ticker.getAsLong() + timeout.toNanos();
        for (long left = timeout.toNanos();
                news == seen && left > 0;
                left = deadline - ticker.getAsLong()) {
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
    }

    /** Begins to watch for the end of a job. */
    synchronized JobWatch watch(JobKey key) {
        CountDownLatch latch = new CountDownLatch(1);
        watched.computeIfAbsent(key, missing -> new HashSet<>()).add(latch);
        return new JobWatch(latch, () -> unwatch(key, latch));
    }

    private synchronized void unwatch(JobKey key, CountDownLatch latch) {
        Set<CountDownLatch> latches = watched.get(key);
        if (latches != null && latches.remove(latch) && latches.isEmpty()) {
            watched.remove(key);
        }
    }
}
