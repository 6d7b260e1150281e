package dev.athanor.dispatcher.batch;

/** A batch, or what is asked of it, is not as it may be; the message says why. */
public final class BatchRefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Reason reason;

    /** The kinds of reasons. */
    public enum Reason {
        /** It is no batch as batches are. */
        INVALID,
        /** It has more, or larger, inputs than one may have. */
        TOO_LARGE,
        /** The cluster has no queue for its machine type. */
        UNKNOWN_MACHINE_TYPE,
        /** It is there already, or its state does not allow that. */
        CONFLICT,
        /** The tenant has as many batches under way as it may. */
        TOO_MANY
    }

    public BatchRefusedException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
