package dev.athanor.agent.nested;

/** A call could not be sent: Kafka did not answer, or refused it. */
final class UnsentException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String reason;

    UnsentException(String reason, Throwable cause) {
        super(reason, cause);
        this.reason = reason;
    }

    String reason() {
        return reason;
    }
}
