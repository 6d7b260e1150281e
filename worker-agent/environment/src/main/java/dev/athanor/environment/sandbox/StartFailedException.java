package dev.athanor.environment.sandbox;

import org.jspecify.annotations.Nullable;

/** A sandbox could not be started. The message says why and is meant for the caller. */
public final class StartFailedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final boolean timedOut;

    private StartFailedException(String message, @Nullable Throwable cause, boolean timedOut) {
        super(message, cause);
        this.timedOut = timedOut;
    }

    /**
     * Creates one for a start that failed.
     *
     * @param message why
     * @param cause what failed; null: nothing that was thrown
     * @return the exception
     */
    public static StartFailedException failed(String message, @Nullable Throwable cause) {
        return new StartFailedException(message, cause, false);
    }

    /**
     * Creates one for a start that took too long.
     *
     * @param message what did not happen in time
     * @param cause where it was noticed; null: nothing that was thrown
     * @return the exception
     */
    public static StartFailedException timedOut(String message, @Nullable Throwable cause) {
        return new StartFailedException(message, cause, true);
    }

    /**
     * Tells whether the start took too long, as opposed to having failed.
     *
     * @return true if the time ran out
     */
    public boolean isTimeout() {
        return timedOut;
    }
}
