package dev.athanor.agent.cancel;

import org.jspecify.annotations.Nullable;

/**
 * How one call is stopped when its caller cancels it: what that takes depends on how far the call
 * has come. Safe for any number of threads.
 */
public final class CallStop {
    private @Nullable Runnable action;
    private boolean requested;
    private boolean ended;

    /**
     * From now on a request does this instead, and at once where it has come already.
     *
     * @param next runs under a lock: must be quick
     */
    public synchronized void stopBy(Runnable next) {
        action = next;
        if (requested) {
            next.run();
        }
    }

    /** From now on a request stops nothing; it is still noted. */
    public synchronized void stopByNothing() {
        action = null;
    }

    /** A request that comes from now on is too late. */
    public synchronized void end() {
        ended = true;
        action = null;
    }

    /** Whether a request came in time. */
    public synchronized boolean isRequested() {
        return requested;
    }

    /** Stops the call; false when it has ended, or is being stopped. */
    synchronized boolean request() {
        if (ended || requested) {
            return false;
        }
        requested = true;
        if (action != null) {
            action.run();
        }
        return true;
    }
}
