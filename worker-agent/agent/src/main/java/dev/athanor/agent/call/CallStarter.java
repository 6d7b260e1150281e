package dev.athanor.agent.call;

/** Starts calls. Safe for any number of threads. */
@FunctionalInterface
public interface CallStarter {
    /** Starts the call, or ends it where it must not start. Does not block for a hot one. */
    ActiveCall start(Delivery delivery);
}
