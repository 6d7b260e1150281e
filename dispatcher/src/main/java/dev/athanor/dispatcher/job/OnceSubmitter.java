package dev.athanor.dispatcher.job;

import dev.athanor.dispatcher.database.DatabaseException;
import dev.athanor.dispatcher.ledger.JobKey;
import dev.athanor.schemas.Codec;
import dev.athanor.schemas.InvocationEnvelope;
import dev.athanor.schemas.job.KnownJob;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Submits what comes under an idempotency key once. The key is taken in the database before
 * anything is produced, together with what is: a dispatcher that dies in between leaves a key under
 * which the next request produces the very same job. Safe for any number of threads.
 */
final class OnceSubmitter {
    private static final Logger LOG = LoggerFactory.getLogger(OnceSubmitter.class);

    private final Submitter submitter;
    private final IdempotencyKeys keys;
    private final Ledgered ledgered;

    /** Whether the ledger knows a job, after it has caught up. */
    @FunctionalInterface
    interface Ledgered {
        boolean test(JobKey job) throws InterruptedException;
    }

    OnceSubmitter(Submitter submitter, IdempotencyKeys keys, Ledgered ledgered) {
        this.submitter = submitter;
        this.keys = keys;
        this.ledgered = ledgered;
    }

    /** Submits what was found valid, unless there is a job of that key. */
    Submission submit(KnownJob job, String key) throws InterruptedException {
        byte[] name = SubmissionDigests.key(job.function(), key);
        UUID id = UUID.fromString(job.invocation().getCorrelationId());
        JobKey mine = new JobKey(job.tenant(), id);
        byte[] body = SubmissionDigests.body(job.invocation());
        return switch (keys.claim(mine, name, body, Codec.current().encode(job.envelope()))) {
            case KeyClaim.First _ -> produce(mine, name, job);
            case KeyClaim.Made made -> new Submission.Accepted(made.id().toString());
            case KeyClaim.Unfinished unfinished ->
                    finish(new JobKey(job.tenant(), unfinished.id()), name, unfinished.envelope());
            case KeyClaim.UnderWay _ ->
                    throw new JobsUnavailableException(
                            "the same is being submitted under this key: ask again");
            case KeyClaim.Reused _ ->
                    new Submission.Refused(
                            Submission.Reason.KEY_REUSED,
                            "the function was submitted with other arguments or options under the key '%s'"
                                    .formatted(key));
        };
    }

    private Submission finish(JobKey first, byte[] name, InvocationEnvelope signed)
            throws InterruptedException {
        boolean isKnown;
        try {
            isKnown = ledgered.test(first);
        } catch (JobsUnavailableException | InterruptedException e) {
            release(first, name);
            throw e;
        }
        if (isKnown) {
            keys.durable(first, name);
            return new Submission.Accepted(first.id().toString());
        }
        return switch (submitter.check(first.tenant(), signed)) {
            case Submitter.Checked.Valid valid -> produce(first, name, valid.job());
            case Submitter.Checked.Invalid invalid -> {
                // Its key was withdrawn since, or its machine type is gone.
                release(first, name);
                yield invalid.refusal();
            }
        };
    }

    private Submission produce(JobKey mine, byte[] name, KnownJob job) throws InterruptedException {
        Submission submission;
        try {
            submission = submitter.produce(job);
        } catch (JobsUnavailableException | InterruptedException e) {
            release(mine, name);
            throw e;
        }
        switch (submission) {
            case Submission.Accepted _ -> durable(mine, name);
            case Submission.Refused _ -> keys.forget(mine, name);
        }
        return submission;
    }

    /** The job is durable whatever the database says; the next request under the key finds out. */
    private void durable(JobKey job, byte[] name) {
        try {
            keys.durable(job, name);
        } catch (DatabaseException e) {
            LOG.warn("job={} is durable, which its key does not say: {}", job.id(), e.toString());
        }
    }

    /** Without a database, the claim ends by itself. */
    private void release(JobKey job, byte[] name) {
        try {
            keys.release(job, name);
        } catch (DatabaseException e) {
            LOG.warn("job={} keeps its key for a while: {}", job.id(), e.toString());
        }
    }
}
