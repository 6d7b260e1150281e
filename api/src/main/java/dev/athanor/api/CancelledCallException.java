package dev.athanor.api;

import org.jspecify.annotations.Nullable;

/**
 * The call was cancelled, or the thread that waited for it was interrupted, or its client closed.
 */
public final class CancelledCallException extends AthanorException {
    private static final long serialVersionUID = 1L;

    public CancelledCallException(String message) {
        super(message, null, false);
    }

    public CancelledCallException(String message, @Nullable Throwable cause) {
        super(message, cause, false);
    }
}
