package dev.athanor.agent.call;

import java.time.Duration;

/** A call on its way to a reply. Driven by one thread. */
public interface ActiveCall {
    /** Waits at most that long; true when {@link #join} will not block. */
    boolean await(Duration timeout) throws InterruptedException;

    /**
     * Waits for the end, holding the call to its limits, and gives its sandbox back.
     *
     * @throws InterruptedException when the agent closes; the call was stopped and has no outcome
     */
    CallEnd join() throws InterruptedException;

    /**
     * Stops it at once and without an outcome, with the sandbox that it is in.
     *
     * @return whether its function may have been called
     */
    boolean abandon();
}
