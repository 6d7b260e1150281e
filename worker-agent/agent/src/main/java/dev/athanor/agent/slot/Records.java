package dev.athanor.agent.slot;

import dev.athanor.agent.call.Delivery;
import dev.athanor.agent.call.JobEvents;
import dev.athanor.agent.kafka.Publisher;
import dev.athanor.agent.metrics.AgentMetrics;
import dev.athanor.schemas.DeadLetter;
import dev.athanor.schemas.DeadLetterReason;
import dev.athanor.schemas.InvocationEnvelope;
import dev.athanor.schemas.Lane;
import dev.athanor.schemas.Lease;
import dev.athanor.schemas.Reply;
import dev.athanor.schemas.attempt.Attempts;
import dev.athanor.schemas.attempt.LeaseKey;
import dev.athanor.schemas.attempt.LostCall;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes what a slot has to say of its records. Every future completes once that is durable. Safe
 * for any number of slots.
 */
final class Records {
    private static final Logger LOG = LoggerFactory.getLogger(Records.class);

    private final String agent;
    private final Publisher publisher;
    private final JobEvents jobs;
    private final Attempts attempts;
    private final Retries retries;
    private final AgentMetrics metrics;
    private final InstantSource clock;

    Records(
            String agent,
            Publisher publisher,
            Attempts attempts,
            AgentMetrics metrics,
            InstantSource clock) {
        this.agent = agent;
        this.publisher = publisher;
        this.jobs = new JobEvents(agent, publisher, clock);
        this.attempts = attempts;
        this.retries = new Retries(Math::random);
        this.metrics = metrics;
        this.clock = clock;
    }

    String agent() {
        return agent;
    }

    CompletableFuture<?> reply(Delivery delivery, Reply reply) {
        long begin = System.nanoTime();
        return told(delivery, reply)
                .thenRun(() ->
                        metrics.replied(
                                delivery.machineType(),
                                Duration.ofNanos(System.nanoTime() - begin)));
    }

    private CompletableFuture<?> told(Delivery delivery, Reply reply) {
        return jobs.ended(delivery, reply, () -> publisher.reply(delivery, reply));
    }

    /** Says of a call that nothing was said of since it was queued in a sandbox. */
    void running(Delivery delivery) {
        jobs.running(delivery);
    }

    /**
     * Writes a lease.
     *
     * @param epoch of the agent's life that has it
     * @param started whether the function is being called
     */
    CompletableFuture<?> lease(Delivery delivery, long epoch, boolean started) {
        return publisher.lease(
                new Lease(
                        delivery.correlationId(),
                        agent,
                        delivery.envelope().getAttempt(),
                        epoch,
                        started,
                        clock.millis(),
                        delivery.machineType(),
                        delivery.envelope()));
    }

    CompletableFuture<?> endLease(Delivery delivery, long epoch) {
        return publisher.endLease(
                delivery.correlationId(),
                LeaseKey.of(delivery.correlationId(), delivery.envelope(), agent, epoch));
    }

    /** Puts an invocation back as it is. */
    CompletableFuture<?> putBack(Delivery delivery, String reason) {
        metrics.republished(delivery.machineType(), reason);
        return publisher.republish(delivery, delivery.envelope());
    }

    /** Puts an invocation back that was being prepared, and whose function was not called. */
    CompletableFuture<?> giveBack(Delivery delivery, String reason) {
        metrics.republished(delivery.machineType(), reason);
        return requeue(
                delivery,
                InvocationEnvelope.newBuilder(delivery.envelope())
                        .setReturns(delivery.envelope().getReturns() + 1)
                        .build());
    }

    private CompletableFuture<?> requeue(Delivery delivery, InvocationEnvelope envelope) {
        return CompletableFuture.allOf(
                publisher.republish(delivery, envelope), jobs.queued(delivery, envelope));
    }

    /** Leads an invocation to where it is hot, or puts it back where that agent leaves just now. */
    CompletableFuture<?> forward(Delivery delivery, Lane lane) {
        metrics.republished(delivery.machineType(), "hot-elsewhere");
        return publisher
                .forward(delivery, hopped(delivery), lane)
                .thenRun(() -> {})
                .exceptionallyCompose(
                        refused -> putBack(delivery, "lane-refused").thenRun(() -> {}));
    }

    /**
     * Puts an invocation that ran out of memory into the queue of a larger machine type, or says so
     * to its caller where Kafka does not take it.
     *
     * @param reply the end that it would have
     */
    CompletableFuture<?> escalate(Delivery delivery, String larger, Reply reply) {
        LOG.info(
                "correlationId={} ran out of the memory of {} and runs again on {}",
                delivery.correlationId(),
                delivery.machineType(),
                larger);
        metrics.republished(delivery.machineType(), "out-of-memory");
        return requeue(delivery, escalated(delivery, larger))
                .thenRun(() -> {})
                .exceptionallyCompose(refused -> reply(delivery, reply).thenRun(() -> {}));
    }

    /**
     * Has an attempt that failed followed by another one, as its function's retry policy says; or
     * ends the job where Kafka does not take that.
     *
     * @param reply the end that it would have
     * @return empty: it is the end
     */
    Optional<CompletableFuture<?>> retry(Delivery delivery, Reply reply) {
        return retries.of(delivery, reply, clock.instant())
                .map(retry -> {
                    LOG.info(
                            "correlationId={} attempt={} failed and runs again in {}",
                            delivery.correlationId(),
                            delivery.envelope().getAttempt(),
                            retry.delay());
                    metrics.republished(delivery.machineType(), "failed");
                    return jobs.retrying(delivery, reply, retry.next(), retry.delay())
                            .thenRun(() -> {})
                            .exceptionallyCompose(
                                    refused -> reply(delivery, reply).thenRun(() -> {}));
                });
    }

    private static InvocationEnvelope escalated(Delivery delivery, String larger) {
        List<String> from = new ArrayList<>(delivery.envelope().getEscalatedFrom());
        from.add(delivery.machineType());
        return InvocationEnvelope.newBuilder(delivery.envelope())
                .setAttempt(delivery.envelope().getAttempt() + 1)
                .setHops(0)
                .setEscalatedFrom(from)
                .setEscalatedTo(larger)
                .build();
    }

    private static InvocationEnvelope hopped(Delivery delivery) {
        return InvocationEnvelope.newBuilder(delivery.envelope())
                .setHops(delivery.envelope().getHops() + 1)
                .build();
    }

    /** Puts an invocation back for its next attempt, or ends it where there is none left. */
    CompletableFuture<?> nextAttempt(Delivery delivery, String lostAgent) {
        return putBackOrLose(
                delivery, attempts.afterStart(delivery.envelope(), lostAgent), lostAgent);
    }

    /**
     * Leaves an invocation that was redelivered to supervision. The agent that was lost with it may
     * have left a lease too, and one of the two is to count.
     *
     * @param started whether its function had been called
     */
    CompletableFuture<?> redelivered(Delivery delivery, boolean started) {
        metrics.republished(delivery.machineType(), "redelivered");
        return publisher.lease(
                new Lease(
                        delivery.correlationId(),
                        LeaseKey.NOBODY,
                        delivery.envelope().getAttempt(),
                        LeaseKey.NO_EPOCH,
                        started,
                        clock.millis(),
                        delivery.machineType(),
                        delivery.envelope()));
    }

    private CompletableFuture<?> putBackOrLose(
            Delivery delivery, Optional<InvocationEnvelope> next, String lostAgent) {
        if (next.isPresent()) {
            metrics.republished(delivery.machineType(), "agent-lost");
            return requeue(delivery, next.get());
        }
        LostCall lost =
                new LostCall(
                        delivery.correlationId(),
                        delivery.machineType(),
                        delivery.envelope(),
                        lostAgent);
        Reply reply = lost.reply();
        metrics.ended(delivery.machineType(), reply);
        metrics.deadLetter(DeadLetterReason.ATTEMPTS_EXHAUSTED);
        byte[] key = delivery.correlationId().getBytes(StandardCharsets.UTF_8);
        return publisher
                .deadLetter(key, lost.deadLetter(clock.millis()))
                .thenCompose(durable -> told(delivery, reply));
    }

    /** Gives up a record that cannot be read, with its bytes. */
    CompletableFuture<?> undecodable(ConsumerRecord<byte[], byte[]> record, String why) {
        return giveUp(record, DeadLetterReason.UNDECODABLE, why);
    }

    /** Gives up a record that nobody vouches for; who wrote it is not known, so nobody is told. */
    CompletableFuture<?> refused(ConsumerRecord<byte[], byte[]> record, String why) {
        return giveUp(record, DeadLetterReason.UNAUTHORIZED, why);
    }

    private CompletableFuture<?> giveUp(
            ConsumerRecord<byte[], byte[]> record, DeadLetterReason reason, String why) {
        LOG.warn(
                "topic={} partition={} offset={} dead letter: {}",
                record.topic(),
                record.partition(),
                record.offset(),
                why);
        metrics.deadLetter(reason);
        byte[] value = record.value() == null ? new byte[0] : record.value();
        return publisher.deadLetter(
                record.key(),
                new DeadLetter(
                        reason,
                        why,
                        clock.millis(),
                        agent,
                        record.topic(),
                        record.partition(),
                        record.offset(),
                        0,
                        ByteBuffer.wrap(value),
                        List.of()));
    }
}
