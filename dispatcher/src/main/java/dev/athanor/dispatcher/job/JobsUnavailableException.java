package dev.athanor.dispatcher.job;

/** Kafka does not answer, or the ledger is far behind: the same can be asked again. */
public final class JobsUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** One without another cause. */
    public JobsUnavailableException(String message) {
        super(message);
    }

    /** One with its cause. */
    public JobsUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
