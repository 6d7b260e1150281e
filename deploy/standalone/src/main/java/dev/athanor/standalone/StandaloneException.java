package dev.athanor.standalone;

import org.jspecify.annotations.Nullable;

/** The all-in-one process cannot start; the message is one line and says what to do. */
public final class StandaloneException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    StandaloneException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
