package dev.athanor.api.internal.local;

import dev.athanor.environment.outcome.CallFailure;
import dev.athanor.runtime.protocol.FailureKind;
import org.jspecify.annotations.Nullable;

/** A call that ended without its function having done so. */
final class LocalFailureException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient CallFailure failure;

    LocalFailureException(FailureKind kind, @Nullable String message, @Nullable Throwable cause) {
        super(message, cause);
        this.failure = CallFailure.of(kind, message);
    }

    CallFailure failure() {
        return failure;
    }
}
