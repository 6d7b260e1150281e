package dev.athanor.environment.isolation;

/** An isolation that was named does not work here. The message says why and what to do. */
public final class IsolationException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String reason;

    /**
     * @param reason why, and what to do
     */
    public IsolationException(String reason) {
        super(reason);
        this.reason = reason;
    }

    String reason() {
        return reason;
    }
}
