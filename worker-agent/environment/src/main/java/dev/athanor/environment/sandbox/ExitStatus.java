package dev.athanor.environment.sandbox;

import dev.athanor.runtime.protocol.Protocol;

/**
 * How a sandbox's process ended.
 *
 * @param code its exit status; above 128 a signal is likely, whose number is what exceeds 128
 * @param requested true: this side killed or closed it
 */
public record ExitStatus(int code, boolean requested) {

    /** The code of a process that ended with what ran it, such as its container's engine. */
    public static final int LOST = -2;

    private static final int SIGNAL_BASE = 128;
    private static final int LAST_SIGNAL = 64;
    private static final int SIGABRT = 6;
    private static final int SIGKILL = 9;
    private static final int SIGSEGV = 11;

    /**
     * Tells whether the sandbox itself found that its heap had run out. A kill by the operating
     * system for lack of memory shows as signal 9 instead.
     *
     * @return true if so
     */
    public boolean isOutOfMemory() {
        return code == Protocol.EXIT_OUT_OF_MEMORY && !requested;
    }

    /**
     * Tells whether it ended through no fault of its own: its call may be made again.
     *
     * @return true if so
     */
    public boolean isLost() {
        return code == LOST && !requested;
    }

    /**
     * Returns the signal that ended the process.
     *
     * @return its number; 0 if it exited by itself
     */
    public int signal() {
        int signal = code - SIGNAL_BASE;
        return signal > 0 && signal <= LAST_SIGNAL ? signal : 0;
    }

    /**
     * Says what happened, to complete "the sandbox …".
     *
     * @param leaving what user code calls to end its process
     * @return such as "exited with status 3 (System.exit?)"
     */
    public String description(String leaving) {
        if (requested) {
            return "was stopped by its agent";
        }
        if (isLost()) {
            return "was lost with the engine that ran it";
        }
        if (isOutOfMemory()) {
            return "ran out of memory";
        }
        return switch (signal()) {
            case 0 ->
                    code == Protocol.EXIT_RUNTIME_FAILED
                            ? "ended because its runtime failed (status " + code + ")"
                            : "exited with status " + code + " (" + leaving + "?)";
            case SIGKILL -> "was killed by signal 9 (out of memory on the machine?)";
            case SIGABRT -> "crashed with signal 6 (abort)";
            case SIGSEGV -> "crashed with signal 11 (segmentation fault)";
            default -> "was killed by signal " + signal();
        };
    }
}
