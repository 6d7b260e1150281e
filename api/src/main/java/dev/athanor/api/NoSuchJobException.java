package dev.athanor.api;

import org.jspecify.annotations.Nullable;

/** The tenant has no job of that id, or its result is kept no longer; the message says which. */
public final class NoSuchJobException extends AthanorException {
    private static final long serialVersionUID = 1L;

    public NoSuchJobException(String message, @Nullable Throwable cause) {
        super(message, cause, false);
    }
}
