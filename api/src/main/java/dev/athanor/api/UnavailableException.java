package dev.athanor.api;

import org.jspecify.annotations.Nullable;

/** Athanor cannot be reached from here; the message says where it was looked for. */
public final class UnavailableException extends AthanorException {
    private static final long serialVersionUID = 1L;

    public UnavailableException(String message) {
        super(message, null, true);
    }

    public UnavailableException(String message, @Nullable Throwable cause) {
        super(message, cause, true);
    }
}
