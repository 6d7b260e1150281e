package dev.athanor.dispatcher.job;

/** What came of the wish to cancel a job. */
public sealed interface JobCancellation {
    /** It ended before its function was called, at all or once more, which now never happens. */
    record CancelledWhileQueued(Job job) implements JobCancellation {}

    /**
     * Agents were told. Where its function runs it is interrupted, and loses its sandbox after a
     * grace; the job may still succeed.
     *
     * @param job as it is now: it may have ended by this already
     */
    record Requested(Job job) implements JobCancellation {}

    /** It had ended otherwise. */
    record AlreadyFinished(Job job) implements JobCancellation {}

    /** The tenant has no such job. */
    record NotFound() implements JobCancellation {}
}
