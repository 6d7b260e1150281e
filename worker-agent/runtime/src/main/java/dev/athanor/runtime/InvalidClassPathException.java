package dev.athanor.runtime;

/** An entry of a class path is not there. */
final class InvalidClassPathException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String reason;

    InvalidClassPathException(String reason) {
        super(reason);
        this.reason = reason;
    }

    @Override
    public String getMessage() {
        return reason;
    }
}
