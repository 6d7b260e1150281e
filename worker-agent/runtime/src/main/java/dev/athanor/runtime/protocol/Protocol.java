package dev.athanor.runtime.protocol;

/** Numbers on which both ends of a sandbox's socket agree. */
public final class Protocol {

    /** Version that a sandbox says in its HELLO; an agent refuses any other. */
    public static final int VERSION = 1;

    /**
     * Default for the largest frame, in bytes: the largest payload (64 MiB) with room for what goes
     * with it.
     */
    public static final int MAX_FRAME_BYTES = 72 << 20;

    /** How many calls may wait in a sandbox behind the running one. */
    public static final int MAX_WAITING_CALLS = 64;

    /** Exit status of a sandbox that ran out of memory, whether or not it could still say so. */
    public static final int EXIT_OUT_OF_MEMORY = 85;

    /** Exit status of a sandbox whose runtime failed; the reason is on its standard error. */
    public static final int EXIT_RUNTIME_FAILED = 86;

    private Protocol() {}
}
