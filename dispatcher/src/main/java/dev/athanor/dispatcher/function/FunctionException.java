package dev.athanor.dispatcher.function;

/** What was asked of a registered function cannot be done; nothing was changed. */
public final class FunctionException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Reason reason;

    /** Why it cannot. */
    public enum Reason {
        /** What was given makes no sense, or does not fit the function. */
        INVALID,
        /** There is no such function, version or bundle. */
        NOT_FOUND,
        /** What there is does not allow it. */
        CONFLICT
    }

    FunctionException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    FunctionException(Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    static FunctionException invalid(String message) {
        return new FunctionException(Reason.INVALID, message);
    }

    static FunctionException notFound(String message) {
        return new FunctionException(Reason.NOT_FOUND, message);
    }

    public Reason reason() {
        return reason;
    }
}
