package dev.athanor.embedded;

import org.jspecify.annotations.Nullable;

/** The embedded PostgreSQL could not start; the message is one line and says what to do. */
public final class EmbeddedPostgresException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    EmbeddedPostgresException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
