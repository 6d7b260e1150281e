package dev.athanor.dispatcher.http;

import org.jspecify.annotations.Nullable;

/** A request that is answered with a problem; the message is its detail. */
final class ProblemException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ProblemType type;

    ProblemException(ProblemType type, String detail) {
        this(type, detail, null);
    }

    ProblemException(ProblemType type, String detail, @Nullable Throwable cause) {
        super(detail, cause);
        this.type = type;
    }

    ProblemType type() {
        return type;
    }
}
