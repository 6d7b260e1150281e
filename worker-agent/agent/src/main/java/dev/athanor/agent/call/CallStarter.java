package dev.athanor.agent.call;

/** Opens sessions. Safe for any number of threads. */
@FunctionalInterface
public interface CallStarter {
    /** A session for one turn of a slot. */
    CallSession open();
}
