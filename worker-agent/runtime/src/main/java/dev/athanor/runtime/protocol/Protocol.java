package dev.athanor.runtime.protocol;

/** Numbers on which both ends of a sandbox's socket agree. */
public final class Protocol {

    /** Version that a sandbox says in its HELLO; an agent refuses any other. */
    public static final int VERSION = 2;

    /** The largest payload that can be allowed, in bytes: 1 GiB. */
    public static final long MAX_PAYLOAD_BYTES = 1L << 30;

    /** Room in a frame for what goes with its payload, in bytes: 8 MiB. */
    public static final int FRAME_OVERHEAD_BYTES = 8 << 20;

    /** The largest frame that a sandbox takes or sends, in bytes; agents take less by far. */
    public static final int MAX_FRAME_BYTES = (int) MAX_PAYLOAD_BYTES + FRAME_OVERHEAD_BYTES;

    /** How many calls may wait in a sandbox behind the running one. */
    public static final int MAX_WAITING_CALLS = 64;

    /** How many nested calls of one call may be under way. */
    public static final int MAX_NESTED_CALLS = 1_000;

    /** Exit status of a sandbox that ran out of memory, whether or not it could still say so. */
    public static final int EXIT_OUT_OF_MEMORY = 85;

    /** Exit status of a sandbox whose runtime failed; the reason is on its standard error. */
    public static final int EXIT_RUNTIME_FAILED = 86;

    private Protocol() {}
}
