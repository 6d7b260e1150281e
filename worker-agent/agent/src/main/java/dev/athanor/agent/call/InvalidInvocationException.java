package dev.athanor.agent.call;

import dev.athanor.schemas.FailureCode;

/** An invocation that cannot be run as it stands. The message is for its caller. */
final class InvalidInvocationException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final FailureCode code;

    InvalidInvocationException(FailureCode code, String message) {
        super(message);
        this.code = code;
    }

    FailureCode code() {
        return code;
    }
}
