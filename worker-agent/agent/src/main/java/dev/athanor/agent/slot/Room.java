package dev.athanor.agent.slot;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The slots of a machine type, which the consumers of its queue and of the agent's lane share.
 *
 * <p>A consumer that waits for records has a fetch under way, and whatever that brings is held by
 * it; it cannot be told to stop without the risk of holding a record that nobody looks at. So no
 * slot is kept for a consumer that waits: a slot is taken once records are there, and records that
 * find none go back. To make that rare, no more consumers of the queue wait than slots are free,
 * but for those that waited already when a lane's record took a slot. Those of the lane always
 * wait: a record that finds no slot must not stay there.
 *
 * <p>Safe for any number of threads.
 */
final class Room {
    private final int total;
    private final ReentrantLock lock = new ReentrantLock();

    /** Signalled when a slot becomes free, a consumer ends its wait, or the room closes. */
    private final Condition changed = lock.newCondition();

    // All guarded by the lock. Free can be negative, when lent slots are taken back.
    private int free;
    private int lent;
    private int waiting;
    private boolean closed;

    Room(int slots) {
        total = slots;
        free = slots;
    }

    /** One consumer's way into a slot. Confined to its thread. */
    interface Door {
        /**
         * Waits until the consumer may wait for records; one with a fetch under way always may.
         *
         * @return false when it may not by then
         */
        boolean mayPoll(Duration patience) throws InterruptedException;

        /** The consumer has records, and no fetch under way. */
        void polled();

        /** The consumer is gone, and its fetch with it. */
        void leave();
    }

    /** For a consumer of the queue. */
    Door queueDoor() {
        return new QueueDoor();
    }

    /** For a consumer of the lane. */
    static Door laneDoor() {
        return new LaneDoor();
    }

    /**
     * Takes a slot, to be given back by {@link #give}.
     *
     * @param patience how long to wait for one
     * @return false when none was free by then
     */
    boolean take(Duration patience) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = patience.toNanos();
            while (!closed && free <= 0 && left > 0) {
                left = changed.awaitNanos(left);
            }
            if (closed || free <= 0) {
                return false;
            }
            free--;
            return true;
        } finally {
            lock.unlock();
        }
    }

    void give() {
        lock.lock();
        try {
            free++;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Has one slot more, until {@link #takeBack}.
     *
     * @return how many there are now
     */
    int lend() {
        lock.lock();
        try {
            lent++;
            free++;
            changed.signalAll();
            return total + lent;
        } finally {
            lock.unlock();
        }
    }

    /** Ends what {@link #lend} began; does not wait until the slot is free. */
    void takeBack() {
        lock.lock();
        try {
            lent--;
            free--;
        } finally {
            lock.unlock();
        }
    }

    /** From now on no slot is given. */
    void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until every slot is free; false when one is not by then. */
    boolean awaitIdle(Duration patience) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = patience.toNanos();
            while (busySlots() > 0 && left > 0) {
                left = changed.awaitNanos(left);
            }
            return busySlots() == 0;
        } finally {
            lock.unlock();
        }
    }

    int total() {
        return total;
    }

    /** Slots that serve a call; more than there are where some are lent. */
    int busy() {
        lock.lock();
        try {
            return busySlots();
        } finally {
            lock.unlock();
        }
    }

    private int busySlots() {
        return total + lent - free;
    }

    private final class QueueDoor implements Door {
        private boolean isWaiting;

        @Override
        public boolean mayPoll(Duration patience) throws InterruptedException {
            if (isWaiting) {
                return true;
            }
            lock.lockInterruptibly();
            try {
                long left = patience.toNanos();
                while (!closed && waiting >= free && left > 0) {
                    left = changed.awaitNanos(left);
                }
                if (closed || waiting >= free) {
                    return false;
                }
                waiting++;
                isWaiting = true;
                return true;
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void polled() {
            leave();
        }

        @Override
        public void leave() {
            if (!isWaiting) {
                return;
            }
            lock.lock();
            try {
                waiting--;
                isWaiting = false;
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    private static final class LaneDoor implements Door {
        @Override
        public boolean mayPoll(Duration patience) {
            return true;
        }

        @Override
        public void polled() {}

        @Override
        public void leave() {}
    }
}
