package dev.athanor.agent.call;

import java.util.Optional;

/**
 * What a slot makes the calls of one turn through. Calls of one function may queue in one hot
 * sandbox, since handing them over one at a time costs a short call more than running it. Confined
 * to the slot's thread.
 */
public interface CallSession {
    /**
     * Starts a call while none is under way, or ends it where it must not start. Does not block for
     * a hot one.
     *
     * @param start taken right before its function is called
     * @throws InterruptedException when the agent closes before that
     */
    ActiveCall start(Delivery delivery, CallStart start) throws InterruptedException;

    /** Queues a call behind those under way; empty where it needs a sandbox of its own. */
    Optional<ActiveCall> queue(Delivery delivery);

    /** Hands over what was queued. */
    void flush();

    /** Takes back the calls that wait behind the running one; each ends as not started. */
    void withdraw();

    /** Kills the sandbox of the calls under way: it does not even answer a withdrawal. */
    void kill();
}
