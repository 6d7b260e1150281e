package dev.athanor.api;

import org.jspecify.annotations.Nullable;

/**
 * The cluster did not accept the caller: it asks for a key, or the key is wrong, was revoked, or is
 * another tenant's. The message says which; trying again helps only with another key.
 */
public final class UnauthorizedException extends AthanorException {
    private static final long serialVersionUID = 1L;

    public UnauthorizedException(String message) {
        this(message, null);
    }

    public UnauthorizedException(String message, @Nullable Throwable cause) {
        super(message, cause, false);
    }
}
