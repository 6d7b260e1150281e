package dev.athanor.environment.pool;

import dev.athanor.environment.sandbox.Sandbox;
import java.time.Duration;

/**
 * A sandbox lent by a pool for one call. End it with {@link #release} or {@link #discard}; after
 * the first of these, both do nothing.
 */
public interface PooledSandbox {

    /**
     * Tells whether it had been kept from an earlier call.
     *
     * @return false if it was started for this one
     */
    boolean hot();

    /**
     * Returns the sandbox.
     *
     * @return the sandbox, not to be closed by the caller
     */
    Sandbox sandbox();

    /**
     * Gives it back after the call. It then stays for its keep-alive, counted from now, or for as
     * long as an earlier call asked for, whichever ends later. One that is not usable any more, or
     * is not to be kept, is closed here, which takes some milliseconds.
     *
     * @param keepAlive how long to keep it, 0 or more; counts as 100 years at most
     */
    void release(Duration keepAlive);

    /** Kills it: the call went wrong in a way that leaves it in doubt. */
    void discard();
}
