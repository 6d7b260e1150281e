package dev.athanor.api;

/**
 * No live agent serves the function's machine type; the message says which are served. Only
 * functions with {@link WhenUnserved#FAIL} throw it: others wait. Where the last agent was lost
 * while the call was under way the function may have run, wholly or in part; the message says so.
 */
public final class UnservedException extends AthanorException {
    private static final long serialVersionUID = 1L;

    private final String machineType;

    public UnservedException(String message, String machineType) {
        super(message, null, true);
        this.machineType = machineType;
    }

    /** The machine type that nobody serves. */
    public String machineType() {
        return machineType;
    }
}
