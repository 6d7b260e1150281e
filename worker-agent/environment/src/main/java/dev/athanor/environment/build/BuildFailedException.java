package dev.athanor.environment.build;

import org.jspecify.annotations.Nullable;

/**
 * Thrown when an environment could not be built. The message is one line, is meant for the
 * function's author and holds no credentials.
 */
public final class BuildFailedException extends RuntimeException {
    private final boolean timedOut;

    /** Makes an exception with a message for the function's author. */
    public BuildFailedException(String message) {
        this(message, false, null);
    }

    /** Makes an exception with a cause, which must hold no credentials either. */
    public BuildFailedException(String message, Throwable cause) {
        this(message, false, cause);
    }

    private BuildFailedException(String message, boolean timedOut, @Nullable Throwable cause) {
        super(message, cause);
        this.timedOut = timedOut;
    }

    static BuildFailedException timedOut(String message) {
        return new BuildFailedException(message, true, null);
    }

    /** Returns whether the caller's build timeout passed, rather than the build failing. */
    public boolean isTimedOut() {
        return timedOut;
    }
}
