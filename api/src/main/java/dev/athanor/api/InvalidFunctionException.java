package dev.athanor.api;

import org.jspecify.annotations.Nullable;

/**
 * The code cannot be run elsewhere: it cannot be read, is compiled for a Java release newer than
 * the agents', or was not found in what was sent.
 */
public final class InvalidFunctionException extends AthanorException {
    private static final long serialVersionUID = 1L;

    public InvalidFunctionException(String message) {
        super(message, null, false);
    }

    public InvalidFunctionException(String message, @Nullable Throwable cause) {
        super(message, cause, false);
    }
}
