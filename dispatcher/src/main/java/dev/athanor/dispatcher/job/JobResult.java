package dev.athanor.dispatcher.job;

import dev.athanor.schemas.Reply;

/** What there is of a job's result. */
public sealed interface JobResult {
    /**
     * It has ended.
     *
     * @param reply how; a result that is too large for it is read by {@link Jobs#content}
     */
    record Ended(Job job, Reply reply) implements JobResult {}

    /** It has not ended. */
    record NotEnded(Job job) implements JobResult {}

    /** It has ended, and its result is kept no longer. */
    record Expired(Job job) implements JobResult {}

    /** The tenant has no such job. */
    record NotFound() implements JobResult {}
}
