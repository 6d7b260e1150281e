package dev.athanor.agent.slot;

import dev.athanor.agent.call.ActiveCall;
import dev.athanor.agent.call.CallStarter;
import dev.athanor.agent.call.Delivery;
import dev.athanor.agent.metrics.AgentMetrics;
import dev.athanor.schemas.Reply;
import dev.athanor.schemas.UndecodableException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * What a slot does with the records of one poll: sees their calls through one after the other,
 * replies, and only then accepts.
 *
 * <p>A record must not be held for long: one that is held stops its queue after a few thousand
 * others. So a call that still runs a while after it was taken goes over to a lease: what was taken
 * along with it goes back to the queue, the lease is written, its record is accepted, and nothing
 * more is taken until it has ended.
 *
 * <p>Holds nothing between calls; safe for any number of slots.
 */
final class Turn {
    private final DeliveryReader reader;
    private final CallStarter runner;
    private final Records records;
    private final Duration handOverAfter;
    private final AgentMetrics metrics;
    private final InstantSource clock;

    /**
     * @param handOverAfter how long a call may run before it goes over to a lease
     */
    Turn(
            DeliveryReader reader,
            CallStarter runner,
            Records records,
            Duration handOverAfter,
            AgentMetrics metrics,
            InstantSource clock) {
        this.reader = reader;
        this.runner = runner;
        this.records = records;
        this.handOverAfter = handOverAfter;
        this.metrics = metrics;
        this.clock = clock;
    }

    /**
     * Serves the records; all are acknowledged when it returns, or released when it throws.
     *
     * @throws InterruptedException when the agent closes; what had not ended is back in its queue
     */
    void serve(
            InvocationSource source,
            List<ConsumerRecord<byte[], byte[]>> polled,
            FetchSize fetchSize)
            throws InterruptedException {
        Taken taken = new Taken(source, polled);
        try {
            List<TakenRecord> calls = decoded(taken, polled);
            if (calls.stream().anyMatch(TakenRecord::isRedelivered)) {
                putBackAfterLoss(taken, calls);
            } else {
                run(taken, calls, fetchSize);
            }
            taken.acceptDurable();
        } finally {
            taken.releaseRest();
        }
    }

    private List<TakenRecord> decoded(Taken taken, List<ConsumerRecord<byte[], byte[]>> polled) {
        Instant now = clock.instant();
        List<TakenRecord> calls = new ArrayList<>(polled.size());
        for (ConsumerRecord<byte[], byte[]> record : polled) {
            try {
                calls.add(new TakenRecord(record, reader.read(record, now)));
            } catch (UndecodableException e) {
                taken.done(record, records.undecodable(record, String.valueOf(e.getMessage())));
            }
        }
        return calls;
    }

    /**
     * The agent that had these died. The first may be why, and counts as having started; the others
     * had not. All go back, so that their deliveries are counted anew.
     */
    private void putBackAfterLoss(Taken taken, List<TakenRecord> calls) {
        boolean blamed = false;
        for (TakenRecord call : calls) {
            if (call.isRedelivered() && !blamed) {
                blamed = true;
                taken.done(call.record(), records.nextAttempt(call.delivery(), "unknown"));
            } else {
                taken.done(call.record(), records.putBack(call.delivery(), "agent-lost"));
            }
        }
    }

    /** Calls that may end the agent come last, and each with nothing else at stake. */
    private void run(Taken taken, List<TakenRecord> calls, FetchSize fetchSize)
            throws InterruptedException {
        List<TakenRecord> ordered = new ArrayList<>(calls.size());
        calls.stream().filter(call -> !call.isSuspect()).forEach(ordered::add);
        calls.stream().filter(TakenRecord::isSuspect).forEach(ordered::add);
        for (int next = 0; next < ordered.size(); next++) {
            TakenRecord call = ordered.get(next);
            if (next > 0 && handOverIn(call.delivery()).isNegative()) {
                putBack(taken, ordered.subList(next, ordered.size()));
                return;
            }
            if (call.isSuspect()) {
                taken.acceptDurable();
                taken.commit();
            }
            long begin = System.nanoTime();
            boolean goesOn = run(taken, call, ordered.subList(next + 1, ordered.size()));
            fetchSize.observe(Duration.ofNanos(System.nanoTime() - begin));
            if (!goesOn) {
                return;
            }
        }
    }

    /** Runs one call; false when it went over to a lease and the rest went back. */
    private boolean run(Taken taken, TakenRecord call, List<TakenRecord> rest)
            throws InterruptedException {
        Delivery delivery = call.delivery();
        ActiveCall active = runner.start(delivery);
        boolean held = active.await(positive(handOverIn(delivery)));
        boolean leased = false;
        if (!held) {
            putBack(taken, rest);
            leased = handOver(taken, call);
        }
        Reply reply;
        try {
            reply = active.join();
        } catch (InterruptedException e) {
            CompletableFuture<?> back = records.nextAttempt(delivery, records.agent());
            finish(taken, call, leased, back);
            taken.acceptDurable();
            taken.commit();
            throw e;
        }
        metrics.ended(delivery.machineType(), reply);
        finish(taken, call, leased, records.reply(delivery, reply));
        return held;
    }

    private boolean handOver(Taken taken, TakenRecord call) throws InterruptedException {
        if (!taken.isDurable(records.lease(call.delivery()))) {
            return false;
        }
        taken.done(call.record(), CompletableFuture.completedFuture(null));
        taken.acceptDurable();
        taken.commit();
        metrics.handedOver(call.delivery().machineType());
        return true;
    }

    private void finish(Taken taken, TakenRecord call, boolean leased, CompletableFuture<?> end)
            throws InterruptedException {
        if (!leased) {
            taken.done(call.record(), end);
        } else if (taken.isDurable(end)) {
            taken.isDurable(records.endLease(call.delivery()));
        }
    }

    private void putBack(Taken taken, List<TakenRecord> calls) {
        calls.forEach(
                call -> taken.done(call.record(), records.putBack(call.delivery(), "long-call")));
    }

    private Duration handOverIn(Delivery delivery) {
        return handOverAfter.minus(Duration.between(delivery.takenAt(), clock.instant()));
    }

    private static Duration positive(Duration duration) {
        return duration.isNegative() ? Duration.ZERO : duration;
    }
}
