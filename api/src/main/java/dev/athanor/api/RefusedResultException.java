package dev.athanor.api;

import org.jspecify.annotations.Nullable;

/**
 * The result holds a class that the caller does not accept, or is nested or sized beyond what it
 * accepts. {@link Athanor#allowResult(String...)} accepts further classes.
 */
public final class RefusedResultException extends AthanorException {
    private static final long serialVersionUID = 1L;

    public RefusedResultException(String message) {
        super(message, null, false);
    }

    public RefusedResultException(String message, @Nullable Throwable cause) {
        super(message, cause, false);
    }
}
