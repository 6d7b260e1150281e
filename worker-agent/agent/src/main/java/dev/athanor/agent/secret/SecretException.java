package dev.athanor.agent.secret;

import org.jspecify.annotations.Nullable;

/** Secrets cannot be encrypted or opened; the message says why, and nothing of their values. */
public final class SecretException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String reason;

    SecretException(String reason, @Nullable Throwable cause) {
        super(reason, cause);
        this.reason = reason;
    }

    public String reason() {
        return reason;
    }
}
