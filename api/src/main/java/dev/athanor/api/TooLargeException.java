package dev.athanor.api;

import org.jspecify.annotations.Nullable;

/**
 * Arguments, result or code exceed what may be sent; the message names size and limit. Large data
 * is better left in a store that the function reads from.
 */
public final class TooLargeException extends AthanorException {
    private static final long serialVersionUID = 1L;

    public TooLargeException(String message) {
        super(message, null, false);
    }

    public TooLargeException(String message, @Nullable Throwable cause) {
        super(message, cause, false);
    }
}
