package dev.athanor.api;

/** What becomes of a call whose machine type no live agent serves. */
public enum WhenUnserved {
    /**
     * It is told by a line, and waits for an agent until its {@linkplain Athanor#queueTimeout queue
     * timeout}; the default.
     */
    WAIT,
    /** It ends with {@link UnservedException}. */
    FAIL
}
