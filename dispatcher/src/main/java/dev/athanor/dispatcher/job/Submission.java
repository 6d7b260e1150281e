package dev.athanor.dispatcher.job;

/** What became of a submission. */
public sealed interface Submission {
    /** It is durable, will run, and can be found from now on. */
    record Accepted(String id) implements Submission {}

    /** It is not, and nothing was written. */
    record Refused(Reason reason, String message) implements Submission {}

    /** Why a submission is refused. */
    enum Reason {
        /** It is no job as jobs are, or its id says that it was made on another day. */
        INVALID,
        /** The cluster has no queue for its machine type. */
        UNKNOWN_MACHINE_TYPE,
        /** It is larger than a record may be: its arguments have to be a blob. */
        TOO_LARGE,
        /** As many of the tenant's jobs wait for its machine type as may. */
        QUEUE_FULL,
        /** Another tenant's key signed it, or none that is known. */
        UNAUTHORIZED,
        /** Something else was submitted under its idempotency key. */
        KEY_REUSED
    }
}
