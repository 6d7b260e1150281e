package dev.athanor.dispatcher.job;

import dev.athanor.dispatcher.database.DatabaseException;
import dev.athanor.dispatcher.ledger.JobId;
import dev.athanor.dispatcher.ledger.JobKey;
import dev.athanor.schemas.job.KnownJob;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Submits jobs, of each id one: who got no answer sends the same again. What came a moment ago is
 * remembered here; an id that was made longer ago, or by a clock that is behind, is looked for in
 * the ledger. So a job that is sent for the first time, as nearly all are, asks no database.
 *
 * <p>Where two dispatchers get the same within seconds, or the database is away, it may run twice,
 * as every invocation may; its first end counts. Safe for any number of threads.
 */
final class ResentJobs {
    private static final Logger LOG = LoggerFactory.getLogger(ResentJobs.class);

    /** Ids younger than this have not been sent elsewhere before. */
    private static final Duration FRESH = Duration.ofSeconds(5);

    /** So long is remembered what was submitted: longer than ids are fresh. */
    private static final Duration REMEMBERED = Duration.ofSeconds(10);

    private final Submitter submitter;
    private final Ledgered ledgered;
    private final InstantSource clock;
    private final Object lock = new Object();

    /** The oldest first. */
    private final Map<JobKey, Sent> recent = new LinkedHashMap<>();

    private record Sent(String function, Instant at, boolean isDurable) {}

    /** A job of the ledger, after that has caught up. */
    @FunctionalInterface
    interface Ledgered {
        Optional<Job> find(JobKey job) throws InterruptedException;
    }

    ResentJobs(Submitter submitter, Ledgered ledgered, InstantSource clock) {
        this.submitter = submitter;
        this.ledgered = ledgered;
        this.clock = clock;
    }

    /** Submits what was found valid, unless it was submitted before. */
    Submission submit(KnownJob job) throws InterruptedException {
        UUID id = UUID.fromString(job.invocation().getCorrelationId());
        JobKey key = new JobKey(job.tenant(), id);
        Optional<Sent> before = begin(key, job.function());
        if (before.isPresent()) {
            if (!before.get().isDurable()) {
                throw new JobsUnavailableException("the same is being submitted: ask again");
            }
            return again(job, before.get().function());
        }
        boolean isDurable = false;
        try {
            Submission submission =
                    JobId.time(id).isBefore(clock.instant().minus(FRESH))
                            ? unlessLedgered(key, job)
                            : submitter.produce(job);
            isDurable = submission instanceof Submission.Accepted;
            return submission;
        } finally {
            end(key, job.function(), isDurable);
        }
    }

    private Submission unlessLedgered(JobKey key, KnownJob job) throws InterruptedException {
        Optional<Job> known;
        try {
            known = ledgered.find(key);
        } catch (DatabaseException e) {
            LOG.debug("job={} is taken as new: {}", key.id(), e.toString());
            known = Optional.empty();
        }
        return known.isPresent() ? again(job, known.get().function()) : submitter.produce(job);
    }

    private static Submission again(KnownJob job, String function) {
        return job.function().equals(function)
                ? new Submission.Accepted(job.invocation().getCorrelationId())
                : new Submission.Refused(
                        Submission.Reason.INVALID, "its id is that of a job of another function");
    }

    /** Empty: it is the caller's to submit, who then ends it. */
    private Optional<Sent> begin(JobKey key, String function) {
        Instant now = clock.instant();
        synchronized (lock) {
            forget(now.minus(REMEMBERED));
            return Optional.ofNullable(recent.putIfAbsent(key, new Sent(function, now, false)));
        }
    }

    /** What is being submitted is last at its end, so that the oldest stay first. */
    private void end(JobKey key, String function, boolean isDurable) {
        Instant now = clock.instant();
        synchronized (lock) {
            recent.remove(key);
            if (isDurable) {
                recent.put(key, new Sent(function, now, true));
            }
        }
    }

    /** What is being submitted stays, since its end removes it. */
    private void forget(Instant limit) {
        Iterator<Sent> oldest = recent.values().iterator();
        boolean isOld = true;
        while (isOld && oldest.hasNext()) {
            Sent sent = oldest.next();
            isOld = sent.at().isBefore(limit) || !sent.isDurable();
            if (sent.isDurable() && isOld) {
                oldest.remove();
            }
        }
    }
}
