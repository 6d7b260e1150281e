package dev.athanor.agent.slot;

import dev.athanor.agent.call.Delivery;
import dev.athanor.agent.call.Replies;
import dev.athanor.agent.kafka.Publisher;
import dev.athanor.agent.metrics.AgentMetrics;
import dev.athanor.schemas.Codec;
import dev.athanor.schemas.DeadLetter;
import dev.athanor.schemas.DeadLetterReason;
import dev.athanor.schemas.FailureCode;
import dev.athanor.schemas.InvocationEnvelope;
import dev.athanor.schemas.Lease;
import dev.athanor.schemas.Outcome;
import dev.athanor.schemas.PhaseTimes;
import dev.athanor.schemas.Reply;
import dev.athanor.schemas.Topics;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
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
    private final Instant startedAt;
    private final Publisher publisher;
    private final Replies replies;
    private final Attempts attempts;
    private final AgentMetrics metrics;
    private final InstantSource clock;

    /**
     * @param startedAt start of this agent's process, the epoch of its leases
     */
    Records(
            String agent,
            Instant startedAt,
            Publisher publisher,
            Replies replies,
            Attempts attempts,
            AgentMetrics metrics,
            InstantSource clock) {
        this.agent = agent;
        this.startedAt = startedAt;
        this.publisher = publisher;
        this.replies = replies;
        this.attempts = attempts;
        this.metrics = metrics;
        this.clock = clock;
    }

    String agent() {
        return agent;
    }

    CompletableFuture<?> reply(Delivery delivery, Reply reply) {
        long begin = System.nanoTime();
        return publisher
                .reply(delivery, reply)
                .thenRun(() ->
                        metrics.replied(
                                delivery.machineType(),
                                Duration.ofNanos(System.nanoTime() - begin)));
    }

    CompletableFuture<?> lease(Delivery delivery) {
        return publisher.lease(
                new Lease(
                        delivery.correlationId(),
                        agent,
                        delivery.envelope().getAttempt(),
                        startedAt.toEpochMilli(),
                        clock.millis(),
                        delivery.machineType(),
                        delivery.envelope()));
    }

    CompletableFuture<?> endLease(Delivery delivery) {
        return publisher.endLease(delivery.correlationId());
    }

    /** Puts an invocation back as it is. */
    CompletableFuture<?> putBack(Delivery delivery, String reason) {
        metrics.republished(delivery.machineType(), reason);
        return publisher.republish(delivery, delivery.envelope());
    }

    /** Puts an invocation back for its next attempt, or ends it where there is none left. */
    CompletableFuture<?> nextAttempt(Delivery delivery, String lostAgent) {
        Optional<InvocationEnvelope> next = attempts.next(delivery, lostAgent);
        if (next.isPresent()) {
            metrics.republished(delivery.machineType(), "next-attempt");
            return publisher.republish(delivery, next.get());
        }
        return lost(delivery);
    }

    private CompletableFuture<?> lost(Delivery delivery) {
        String message =
                "all of its %d attempts were lost to agents that died".formatted(attempts.max());
        Reply reply =
                replies.failed(
                        delivery,
                        Outcome.LOST,
                        FailureCode.ATTEMPTS_EXHAUSTED,
                        message,
                        new PhaseTimes());
        metrics.ended(delivery.machineType(), reply);
        metrics.deadLetter(DeadLetterReason.ATTEMPTS_EXHAUSTED);
        DeadLetter letter =
                deadLetter(
                        DeadLetterReason.ATTEMPTS_EXHAUSTED,
                        message,
                        Topics.invocations(delivery.machineType()),
                        -1,
                        -1,
                        delivery.envelope().getAttempt(),
                        Codec.current().encode(delivery.envelope()));
        byte[] key = delivery.correlationId().getBytes(StandardCharsets.UTF_8);
        return publisher
                .deadLetter(key, letter)
                .thenCompose(durable -> publisher.reply(delivery, reply));
    }

    /** Gives up a record that cannot be read, with its bytes. */
    CompletableFuture<?> undecodable(ConsumerRecord<byte[], byte[]> record, String why) {
        LOG.warn(
                "topic={} partition={} offset={} dead letter: {}",
                record.topic(),
                record.partition(),
                record.offset(),
                why);
        metrics.deadLetter(DeadLetterReason.UNDECODABLE);
        byte[] value = record.value() == null ? new byte[0] : record.value();
        return publisher.deadLetter(
                record.key(),
                deadLetter(
                        DeadLetterReason.UNDECODABLE,
                        why,
                        record.topic(),
                        record.partition(),
                        record.offset(),
                        0,
                        value));
    }

    private DeadLetter deadLetter(
            DeadLetterReason reason,
            String message,
            String topic,
            int partition,
            long offset,
            int lostAttempts,
            byte[] value) {
        return new DeadLetter(
                reason,
                message,
                clock.millis(),
                agent,
                topic,
                partition,
                offset,
                lostAttempts,
                ByteBuffer.wrap(value),
                List.of());
    }
}
