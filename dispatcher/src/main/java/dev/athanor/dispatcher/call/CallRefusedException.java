package dev.athanor.dispatcher.call;

/** A call that was not sent; the message says why. */
public final class CallRefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final Reason reason;

    /** Why a call is refused. */
    public enum Reason {
        /** The cluster has no queue for its machine type. */
        UNKNOWN_MACHINE_TYPE,
        /** One of the same tenant with the same id is under way. */
        SAME_ID,
        /** As many calls are waited for as can be. */
        TOO_MANY
    }

    CallRefusedException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
