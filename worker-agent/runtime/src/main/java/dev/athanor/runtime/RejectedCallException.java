package dev.athanor.runtime;

import dev.athanor.runtime.protocol.RejectionKind;
import org.jspecify.annotations.Nullable;

/** Ends a call for which the function is not to blame, or not as a function. */
final class RejectedCallException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final RejectionKind kind;
    private final String reason;

    RejectedCallException(RejectionKind kind, String reason, @Nullable Throwable cause) {
        super(reason, cause);
        this.kind = kind;
        this.reason = reason;
    }

    RejectionKind kind() {
        return kind;
    }

    String reason() {
        return reason;
    }
}
