package dev.athanor.api;

import org.jspecify.annotations.Nullable;

/**
 * {@code waitAtMost} passed before the result came. The call itself goes on; it was not cancelled.
 */
public final class CallerWaitException extends AthanorException {
    private static final long serialVersionUID = 1L;

    public CallerWaitException(String message) {
        super(message, null, false);
    }

    public CallerWaitException(String message, @Nullable Throwable cause) {
        super(message, cause, false);
    }
}
