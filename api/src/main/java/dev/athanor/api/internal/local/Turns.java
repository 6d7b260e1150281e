package dev.athanor.api.internal.local;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Lets some calls run at a time, in the order in which they came. */
final class Turns {
    private final Semaphore free;

    Turns(int slots) {
        this.free = new Semaphore(slots, true);
    }

    /** Waits for a slot; false when none came free in time. Each one taken is to be ended. */
    boolean await(Duration longest) throws InterruptedException {
        return free.tryAcquire(longest.toNanos(), TimeUnit.NANOSECONDS);
    }

    void end() {
        free.release();
    }
}
