package dev.athanor.api;

import org.jspecify.annotations.Nullable;

/**
 * An argument, a captured value or the result cannot be sent, or not be read; the message says
 * which and where in it.
 */
public final class UnserializableException extends AthanorException {
    private static final long serialVersionUID = 1L;

    public UnserializableException(String message) {
        super(message, null, false);
    }

    public UnserializableException(String message, @Nullable Throwable cause) {
        super(message, cause, false);
    }
}
