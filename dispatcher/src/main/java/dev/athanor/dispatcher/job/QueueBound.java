package dev.athanor.dispatcher.job;

import dev.athanor.dispatcher.database.DatabaseException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Bounds how many jobs of a tenant wait for one machine type. The ledger says how many do; what
 * this process has admitted since it was asked is added to that, so the bound is exceeded by no
 * more than what other dispatchers admit meanwhile, and what the ledger has not read. While the
 * database is away the last count stays. Safe for any number of threads.
 */
final class QueueBound {
    private static final Logger LOG = LoggerFactory.getLogger(QueueBound.class);

    /** How long a count is good for, and how long one that says that there is no room. */
    private static final Duration KEPT = Duration.ofSeconds(10);

    private static final Duration KEPT_FULL = Duration.ofSeconds(1);

    private final Counter counter;
    private final int most;
    private final LongSupplier ticker;
    private final Map<Queue, Estimate> estimates = new ConcurrentHashMap<>();

    /** Asks how many wait. */
    @FunctionalInterface
    interface Counter {
        /**
         * How many do.
         *
         * @param most it is said of no more than these
         * @throws DatabaseException when there is no saying
         */
        int count(String tenant, String machineType, int most);
    }

    private record Queue(String tenant, String machineType) {}

    /**
     * @param most how many may wait, from 1
     * @param ticker nanoseconds of a clock that never goes back
     */
    QueueBound(Counter counter, int most, LongSupplier ticker) {
        this.counter = counter;
        this.most = most;
        this.ticker = ticker;
    }

    int most() {
        return most;
    }

    /** Whether one more may wait, which then counts. */
    boolean admits(String tenant, String machineType) {
        return estimates.computeIfAbsent(new Queue(tenant, machineType), Estimate::new).admitsOne();
    }

    /** How many wait in one queue. */
    private final class Estimate {
        private final Queue queue;
        private final ReentrantLock counting = new ReentrantLock();

        // Guarded by this.
        private int waiting;
        private boolean isCounted;
        private long countedAt;

        Estimate(Queue queue) {
            this.queue = queue;
        }

        boolean admitsOne() {
            // Others go by the old count meanwhile, once there is one.
            if (isDue() && (isNew() ? lock() : counting.tryLock())) {
                try {
                    if (isDue()) {
                        count();
                    }
                } finally {
                    counting.unlock();
                }
            }
            return add();
        }

        private boolean lock() {
            counting.lock();
            return true;
        }

        private synchronized boolean isNew() {
            return !isCounted;
        }

        private synchronized boolean isDue() {
            Duration kept = waiting >= most ? KEPT_FULL : KEPT;
            return !isCounted || ticker.getAsLong() - countedAt > kept.toNanos();
        }

        private void count() {
            try {
                counted(counter.count(queue.tenant(), queue.machineType(), most));
            } catch (DatabaseException e) {
                LOG.warn("who waits for {} is not known: {}", queue, e.toString());
                notCounted();
            }
        }

        private synchronized void counted(int found) {
            waiting = found;
            notCounted();
        }

        private synchronized void notCounted() {
            isCounted = true;
            countedAt = ticker.getAsLong();
        }

        private synchronized boolean add() {
            if (waiting >= most) {
                return false;
            }
            waiting++;
            return true;
        }
    }
}
