package dev.athanor.dispatcher.job;

import dev.athanor.dispatcher.database.Database;
import dev.athanor.dispatcher.ledger.JobId;
import dev.athanor.dispatcher.ledger.JobKey;
import dev.athanor.dispatcher.ledger.JobWatch;
import dev.athanor.dispatcher.ledger.Ledger;
import dev.athanor.dispatcher.outbox.Outbox;
import dev.athanor.schemas.BlobAddress;
import dev.athanor.schemas.Invocation;
import dev.athanor.schemas.InvocationEnvelope;
import dev.athanor.schemas.JobState;
import dev.athanor.schemas.job.LogKey;
import dev.athanor.schemas.keys.Trust;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.TopicPartition;

/**
 * Jobs of all tenants, each of which sees its own only. Methods block for as long as they say; safe
 * for any number of threads, of which virtual ones do.
 *
 * <p>Every method throws {@link JobsUnavailableException} when Kafka does not answer, and {@link
 * dev.athanor.dispatcher.database.DatabaseException} when it needs the database and that does not.
 */
public final class Jobs {
    /** How long a question may wait for the ledger to catch up with Kafka. */
    private static final Duration LEDGER_PATIENCE = Duration.ofSeconds(30);

    /** How often is looked for an end that another dispatcher writes. */
    private static final Duration LOOK_EVERY = Duration.ofMillis(500);

    /** The same where this process writes it, unless the work moves meanwhile. */
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(5);

    private static final Duration CANCEL_PATIENCE = Duration.ofSeconds(3);

    private static final int LONGEST_PAGE = 1_000;

    /** By how much a caller's clock may be ahead of an agent's. */
    private static final Duration CLOCK_SKEW = Duration.ofMinutes(10);

    private final JobQueries queries;
    private final Ledger ledger;
    private final JobTopics topics;
    private final Submitter submitter;
    private final OnceSubmitter once;
    private final ResentJobs resent;
    private final Canceller canceller;
    private final Outbox outbox;
    private final ResultContent content;
    private final Supplier<Consumer<byte[], byte[]>> logs;
    private final LongSupplier ticker;
    private final InstantSource clock;

    /**
     * What is given stays its giver's to close.
     *
     * @param trust says whose a submission is
     * @param maxQueued how many jobs of a tenant may wait for one machine type
     * @param producer with {@code acks=all}
     * @param blobs makes a consumer without a group, for the blobs of a tenant
     * @param logs makes a consumer without a group, for log lines
     * @param ticker nanoseconds of a clock that never goes back
     */
    public Jobs(
            Database database,
            Ledger ledger,
            Trust trust,
            int maxQueued,
            Producer<byte[], byte[]> producer,
            Admin admin,
            Function<String, Consumer<byte[], byte[]>> blobs,
            Supplier<Consumer<byte[], byte[]>> logs,
            LongSupplier ticker,
            InstantSource clock) {
        this.queries = new JobQueries(database);
        this.ledger = ledger;
        this.topics = new JobTopics(admin);
        this.submitter =
                new Submitter(
                        producer,
                        trust,
                        topics,
                        ledger::holds,
                        new QueueBound(queries::countQueued, maxQueued, ticker),
                        clock);
        this.once =
                new OnceSubmitter(submitter, new IdempotencyKeys(database, clock), this::isKnown);
        this.resent = new ResentJobs(submitter, this::find, clock);
        this.canceller = new Canceller(producer, trust, clock);
        this.outbox = new Outbox(database);
        this.content = new ResultContent(database, blobs);
        this.logs = logs;
        this.ticker = ticker;
        this.clock = clock;
    }

    /**
     * Submits an invocation that its caller signed; all else in the envelope is ignored. Needs no
     * database, unless there is a key. When this throws, it may have been submitted all the same. A
     * job that was submitted before, by its id, is accepted and not run again.
     *
     * @param tenant who asks, which must be the one that signed it
     * @param key what is submitted for the same function under the same key within 24 hours is the
     *     first job, whose id is answered; any text
     */
    public Submission submit(String tenant, InvocationEnvelope signed, Optional<String> key)
            throws InterruptedException {
        return submit(submitter.check(tenant, signed), key);
    }

    /**
     * Submits an invocation that nobody signed, for a tenant that was made sure of otherwise. As
     * {@link #submit(String, InvocationEnvelope, Optional)} in all else.
     */
    public Submission submit(String tenant, Invocation invocation, Optional<String> key)
            throws InterruptedException {
        return submit(submitter.check(tenant, invocation), key);
    }

    /** As {@link #submit(String, InvocationEnvelope, Optional)} without a key. */
    public Submission submit(String tenant, InvocationEnvelope signed) throws InterruptedException {
        return submit(tenant, signed, Optional.empty());
    }

    /** As {@link #submit(String, Invocation, Optional)} without a key. */
    public Submission submit(String tenant, Invocation invocation) throws InterruptedException {
        return submit(tenant, invocation, Optional.empty());
    }

    /**
     * {@link #submit(String, InvocationEnvelope, Optional)}, to be run later: until then it waits
     * in the database. A key goes with what starts at once only.
     */
    public Submission submit(
            String tenant, InvocationEnvelope signed, Optional<String> key, Start start)
            throws InterruptedException {
        return submit(submitter.check(tenant, signed), key, start);
    }

    /** {@link #submit(String, Invocation, Optional)}, to be run later. */
    public Submission submit(
            String tenant, Invocation invocation, Optional<String> key, Start start)
            throws InterruptedException {
        return submit(submitter.check(tenant, invocation), key, start);
    }

    private Submission submit(Submitter.Checked checked, Optional<String> key, Start start)
            throws InterruptedException {
        if (start instanceof Start.Now) {
            return submit(checked, key);
        }
        if (key.isPresent()) {
            return new Submission.Refused(
                    Submission.Reason.INVALID,
                    "an idempotency key is for jobs that start at once; the id is one already");
        }
        return switch (checked) {
            case Submitter.Checked.Invalid invalid -> invalid.refusal();
            case Submitter.Checked.Valid valid -> submitter.produce(valid.job(), start);
        };
    }

    /** Why what a caller signed would be refused, if so. */
    public Optional<Submission.Refused> refusal(String tenant, InvocationEnvelope signed)
            throws InterruptedException {
        return refusal(submitter.check(tenant, signed));
    }

    /** Why what nobody signed would be refused, if so. */
    public Optional<Submission.Refused> refusal(String tenant, Invocation invocation)
            throws InterruptedException {
        return refusal(submitter.check(tenant, invocation));
    }

    private static Optional<Submission.Refused> refusal(Submitter.Checked checked) {
        return switch (checked) {
            case Submitter.Checked.Invalid invalid -> Optional.of(invalid.refusal());
            case Submitter.Checked.Valid _ -> Optional.empty();
        };
    }

    private Submission submit(Submitter.Checked checked, Optional<String> key)
            throws InterruptedException {
        return switch (checked) {
            case Submitter.Checked.Invalid invalid -> invalid.refusal();
            case Submitter.Checked.Valid valid ->
                    key.isPresent()
                            ? once.submit(valid.job(), key.get())
                            : resent.submit(valid.job());
        };
    }

    /** Whether a machine type has a queue: whether agents serve it, or ever did. */
    public boolean hasQueue(String machineType) throws InterruptedException {
        return topics.hasQueue(machineType);
    }

    /** Waits until the ledger has all that lay in Kafka when this was asked. */
    public void catchUp() throws InterruptedException {
        for (TopicPartition partition : topics.events()) {
            awaitLedger(partition);
        }
    }

    private void awaitLedger(TopicPartition partition) throws InterruptedException {
        if (!ledger.awaitApplied(partition, topics.end(partition), LEDGER_PATIENCE)) {
            throw new JobsUnavailableException("the ledger is behind: ask again");
        }
    }

    /**
     * The job of that id; empty when the tenant has none. An accepted one is always found: what the
     * ledger does not have is waited for until it has all that lay in Kafka when this was asked.
     */
    public Optional<Job> find(String tenant, String id) throws InterruptedException {
        Optional<JobKey> key = JobKey.of(tenant, id);
        return key.isPresent() ? find(key.get()) : Optional.empty();
    }

    private boolean isKnown(JobKey key) throws InterruptedException {
        return find(key).isPresent();
    }

    private Optional<Job> find(JobKey key) throws InterruptedException {
        Optional<Job> found = queries.find(key);
        if (found.isPresent() || !ledger.holds(JobId.day(key.id()))) {
            return found;
        }
        // That of a schedule, of which no event says anything before it is queued.
        Optional<Job> waiting = outbox.find(key.tenant(), key.id()).map(WaitingJob::of);
        if (waiting.isPresent()) {
            return waiting;
        }
        awaitLedger(topics.events(key.id().toString()));
        return queries.find(key);
    }

    /**
     * A part of the tenant's jobs, the newest first.
     *
     * @param after the cursor of the page before; empty: from the beginning
     * @param limit how many at most, 1 to 1,000
     * @throws IllegalArgumentException when the limit or the cursor is none
     */
    public JobPage list(String tenant, JobFilter filter, Optional<String> after, int limit) {
        if (limit < 1 || limit > LONGEST_PAGE) {
            throw new IllegalArgumentException(
                    "the limit must be 1 to %,d, got %,d".formatted(LONGEST_PAGE, limit));
        }
        Optional<UUID> before = after.map(Jobs::cursor);
        List<JobSummary> jobs = queries.list(tenant, filter, before, limit);
        return new JobPage(
                jobs, jobs.size() < limit ? Optional.empty() : Optional.of(jobs.getLast().id()));
    }

    private static UUID cursor(String text) {
        return JobId.parse(text)
                .orElseThrow(
                        () -> new IllegalArgumentException("'%s' is no cursor".formatted(text)));
    }

    /**
     * How a job ended; waits for that.
     *
     * @param wait for how long at most; zero: not at all
     */
    public JobResult result(String tenant, String id, Duration wait) throws InterruptedException {
        Optional<JobKey> key = JobKey.of(tenant, id);
        Optional<Job> job = key.isPresent() ? find(key.get()) : Optional.empty();
        if (job.isEmpty()) {
            return new JobResult.NotFound();
        }
        if (job.get().isEnded()) {
            return ended(key.get(), job.get());
        }
        return wait.isPositive() ? await(key.get(), wait) : new JobResult.NotEnded(job.get());
    }

    private JobResult await(JobKey key, Duration wait) throws InterruptedException {
        long deadline = ticker.getAsLong() + wait.toNanos();
        try (JobWatch watch = ledger.watch(key)) {
            while (true) {
                Optional<Job> job = queries.find(key);
                if (job.isEmpty()) {
                    job = find(key);
                }
                if (job.isEmpty()) {
                    return new JobResult.NotFound();
                }
                if (job.get().isEnded()) {
                    return ended(key, job.get());
                }
                Duration left = Duration.ofNanos(deadline - ticker.getAsLong());
                if (!left.isPositive()) {
                    return new JobResult.NotEnded(job.get());
                }
                Duration slice =
                        ledger.reads(topics.events(key.id().toString())) ? LOOK_AGAIN : LOOK_EVERY;
                boolean _ = watch.await(left.compareTo(slice) < 0 ? left : slice);
            }
        }
    }

    private JobResult ended(JobKey key, Job job) {
        return queries.reply(key, clock.millis())
                .<JobResult>map(reply -> new JobResult.Ended(job, reply))
                .orElse(new JobResult.Expired(job));
    }

    /**
     * Has a job stopped. Waits a moment for that, since one that is queued is mostly dropped at
     * once; where it stands behind others that is when its turn comes.
     */
    public JobCancellation cancel(String tenant, String id) throws InterruptedException {
        Optional<JobKey> key = JobKey.of(tenant, id);
        Optional<Job> job = key.isPresent() ? find(key.get()) : Optional.empty();
        if (job.isEmpty()) {
            return new JobCancellation.NotFound();
        }
        if (job.get().isEnded()) {
            return new JobCancellation.AlreadyFinished(job.get());
        }
        canceller.cancel(tenant, id);
        boolean wasWaiting = outbox.cancel(tenant, key.get().id(), clock.instant());
        JobResult result = await(key.get(), CANCEL_PATIENCE);
        if (result instanceof JobResult.NotEnded && !wasWaiting) {
            // What was running may have failed just then, and wait for its next attempt now.
            wasWaiting = outbox.cancel(tenant, key.get().id(), clock.instant());
            result = wasWaiting ? await(key.get(), CANCEL_PATIENCE) : result;
        }
        return switch (result) {
            case JobResult.Ended ended -> cancelled(ended.job(), wasWaiting);
            case JobResult.Expired expired -> cancelled(expired.job(), wasWaiting);
            case JobResult.NotEnded notEnded -> new JobCancellation.Requested(notEnded.job());
            case JobResult.NotFound _ -> new JobCancellation.NotFound();
        };
    }

    private static JobCancellation cancelled(Job job, boolean wasWaiting) {
        if (job.state() != JobState.CANCELLED) {
            return new JobCancellation.AlreadyFinished(job);
        }
        return wasWaiting || job.startedAt().isEmpty()
                ? new JobCancellation.CancelledWhileQueued(job)
                : new JobCancellation.Requested(job);
    }

    /**
     * The log lines of a job, from the first or those after a position; empty when the tenant has
     * no such job. Each has a consumer of its own, and so is to be closed soon.
     */
    public Optional<JobLog> logs(String tenant, String id, OptionalLong after)
            throws InterruptedException {
        Optional<Job> job = find(tenant, id);
        if (job.isEmpty()) {
            return Optional.empty();
        }
        byte[] key = LogKey.of(tenant, id);
        return Optional.of(
                JobLog.open(
                        logs.get(),
                        topics.logs(key),
                        key,
                        job.get().createdAt().minus(CLOCK_SKEW),
                        after));
    }

    /** Whether a job of the tenant, which there is, has ended. */
    public boolean isEnded(String tenant, String id) {
        return JobKey.of(tenant, id).flatMap(queries::find).map(Job::isEnded).orElse(true);
    }

    /**
     * Writes out a result that is too large for its reply, with little of it in memory.
     *
     * @param address of the job's reply
     * @throws dev.athanor.schemas.blob.BlobGoneException when it is nowhere; some of it may have
     *     been written
     * @throws IOException when it cannot be written out
     */
    public void content(String tenant, String id, BlobAddress address, OutputStream out)
            throws IOException {
        JobKey key =
                JobKey.of(tenant, id)
                        .orElseThrow(
                                () -> new IllegalArgumentException("'%s' is no job".formatted(id)));
        content.write(key, address, out);
    }
}
