package dev.athanor.dispatcher.call;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How much may wait here for readers that are slow, of all calls together. Safe for any number of
 * threads.
 */
final class WaitingRoom {
    private final long bytes;
    private final AtomicLong taken = new AtomicLong();

    /**
     * @param bytes all that there is
     */
    WaitingRoom(long bytes) {
        this.bytes = bytes;
    }

    /** Whether there is room for so many bytes more, which are to be given back then. */
    boolean enter(long size) {
        if (taken.addAndGet(size) <= bytes) {
            return true;
        }
        taken.addAndGet(-size);
        return false;
    }

    void leave(long size) {
        taken.addAndGet(-size);
    }
}
