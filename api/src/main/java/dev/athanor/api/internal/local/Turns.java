package dev.athanor.api.internal.local;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Lets some calls run at a time, in the order in which they came. */
final class Turns {
    private final Slots free;

    private static final class Slots extends Semaphore {
        private static final long serialVersionUID = 1L;

        Slots(int slots) {
            super(slots, true);
        }

        void takeOne() {
            reducePermits(1);
        }
    }

    Turns(int slots) {
        this.free = new Slots(slots);
    }

    /** Waits for a slot; false when none came free in time. Each one taken is to be ended. */
    boolean await(Duration longest) throws InterruptedException {
        return free.tryAcquire(longest.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Gives another call the turn of one that waits for it, until {@link #takeBack}. */
    void lend() {
        free.release();
    }

    /** Ends what {@link #lend} began. Does not wait: for a moment one call more may run. */
    void takeBack() {
        free.takeOne();
    }

    void end() {
        free.release();
    }
}
