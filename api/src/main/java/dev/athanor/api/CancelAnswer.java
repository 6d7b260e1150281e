package dev.athanor.api;

/** What came of the wish to {@linkplain Job#cancel cancel} a job. */
public enum CancelAnswer {
    /** It ended before its function was called, which now never happens. */
    CANCELLED_WHILE_QUEUED,
    /**
     * Agents were told. Where its function runs it is interrupted, and loses its sandbox after a
     * grace; the job may still succeed.
     */
    REQUESTED,
    /** It had ended before. */
    ALREADY_FINISHED,
    /** The tenant has no such job. */
    NOT_FOUND
}
