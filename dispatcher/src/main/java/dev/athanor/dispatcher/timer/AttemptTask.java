package dev.athanor.dispatcher.timer;

import dev.athanor.dispatcher.job.Job;
import dev.athanor.dispatcher.job.WrittenJobs;
import dev.athanor.dispatcher.ledger.JobKey;
import dev.athanor.dispatcher.outbox.AttemptKey;
import dev.athanor.dispatcher.outbox.Claim;
import dev.athanor.dispatcher.outbox.Outbox;
import dev.athanor.dispatcher.outbox.WaitingAttempt;
import dev.athanor.dispatcher.timer.FencedProducer.Entry;
import dev.athanor.schemas.Codec;
import dev.athanor.schemas.Failure;
import dev.athanor.schemas.FailureCode;
import dev.athanor.schemas.FunctionSpec;
import dev.athanor.schemas.Invocation;
import dev.athanor.schemas.InvocationEnvelope;
import dev.athanor.schemas.JobState;
import dev.athanor.schemas.Outcome;
import dev.athanor.schemas.PhaseTimes;
import dev.athanor.schemas.Reply;
import dev.athanor.schemas.Topics;
import dev.athanor.schemas.job.KnownJob;
import dev.athanor.schemas.keys.Trust;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.kafka.clients.producer.Producer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes attempts whose time has come to their queues, each exactly once. The invocation and the
 * event that says so are written in one Kafka transaction; before that, the outbox notes the
 * producer that sets about it. Who finds another's note fences that producer first, so that it can
 * write no more, and then asks the ledger, once that has read all there is, whether it had written.
 * Safe for any number of threads and processes.
 */
final class AttemptTask implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AttemptTask.class);

    private final Outbox outbox;
    private final WrittenJobs jobs;
    private final Trust trust;
    private final Function<String, Producer<byte[], byte[]>> producers;
    private final Consumer<String> fence;
    private final InstantSource clock;
    private Optional<FencedProducer> current = Optional.empty();

    /**
     * @param jobs as the ledger has them
     * @param producers makes a producer of a transactional id
     * @param fence keeps the producer of a transactional id from writing anything more
     */
    AttemptTask(
            Outbox outbox,
            WrittenJobs jobs,
            Trust trust,
            Function<String, Producer<byte[], byte[]>> producers,
            Consumer<String> fence,
            InstantSource clock) {
        this.outbox = outbox;
        this.jobs = jobs;
        this.trust = trust;
        this.producers = producers;
        this.fence = fence;
        this.clock = clock;
    }

    /**
     * Writes an attempt, unless it is written or its job has ended.
     *
     * @throws RuntimeException when there is no saying whether it is: it is to be done again
     */
    void run(AttemptKey key) throws InterruptedException {
        FencedProducer producer = producer();
        Optional<Claim> claim = outbox.claim(key, producer.id());
        if (claim.isEmpty()) {
            return;
        }
        if (isNeeded(claim.get())) {
            write(producer, claim.get());
        }
        outbox.remove(key);
    }

    private boolean isNeeded(Claim claim) throws InterruptedException {
        AttemptKey key = claim.attempt().key();
        JobKey jobKey = new JobKey(key.tenant(), key.id());
        Optional<Job> job;
        if (claim.earlier().isPresent()) {
            fence.accept(claim.earlier().get());
            job = jobs.findSurely(jobKey);
        } else {
            job = jobs.find(jobKey);
        }
        // An agent may have been lost that had noted the failure and not yet given up its record:
        // then the attempt has run already.
        return job.isEmpty() || !(job.get().isEnded() || hasCome(job.get(), key.attempt()));
    }

    private static boolean hasCome(Job job, int attempt) {
        return job.attempt() > attempt
                || (job.attempt() == attempt && job.state() != JobState.SCHEDULED);
    }

    private void write(FencedProducer producer, Claim claim) {
        WaitingAttempt attempt = claim.attempt();
        InvocationEnvelope envelope =
                Codec.current().decode(attempt.envelope(), InvocationEnvelope.class);
        String id = attempt.key().id().toString();
        if (claim.isCancelled()) {
            KnownJob job = job(attempt, lastAttempt(envelope));
            Entry end = new Entry(Topics.JOBS, job.ended(cancelled(job), clock.millis()));
            producer.write(id, end);
        } else {
            KnownJob job = job(attempt, envelope);
            producer.write(
                    id,
                    new Entry(Topics.invocations(attempt.machineType()), trust.sealed(envelope)),
                    new Entry(Topics.JOBS, job.queued(clock.millis())));
        }
        LOG.debug("attempt={} cancelled={} written", attempt.key(), claim.isCancelled());
    }

    /** The one that was made before the one that never runs. */
    private static InvocationEnvelope lastAttempt(InvocationEnvelope envelope) {
        return InvocationEnvelope.newBuilder(envelope)
                .setAttempt(Math.max(1, envelope.getAttempt() - 1))
                .build();
    }

    private static KnownJob job(WaitingAttempt attempt, InvocationEnvelope envelope) {
        Invocation invocation = Codec.current().decode(envelope.getInvocation(), Invocation.class);
        FunctionSpec function =
                Codec.current().decode(invocation.getFunction(), FunctionSpec.class);
        return new KnownJob(
                attempt.key().tenant(),
                envelope,
                invocation,
                function.getName(),
                attempt.machineType());
    }

    private static Reply cancelled(KnownJob job) {
        return Reply.newBuilder()
                .setCorrelationId(job.invocation().getCorrelationId())
                .setOutcome(Outcome.CANCELLED)
                .setAttempt(job.envelope().getAttempt())
                .setAgent("")
                .setPhases(new PhaseTimes())
                .setEscalatedFrom(job.envelope().getEscalatedFrom())
                .setFailure(
                        new Failure(
                                FailureCode.CANCELLED,
                                "it was cancelled while it waited for its time",
                                List.of(),
                                null,
                                "",
                                List.of()))
                .build();
    }

    /** One that failed is replaced. */
    private synchronized FencedProducer producer() {
        if (current.isPresent() && !current.get().isUsable()) {
            current.get().close();
            current = Optional.empty();
        }
        FencedProducer usable = current.orElseGet(() -> FencedProducer.open(producers));
        current = Optional.of(usable);
        return usable;
    }

    @Override
    public synchronized void close() {
        current.ifPresent(FencedProducer::close);
        current = Optional.empty();
    }
}
