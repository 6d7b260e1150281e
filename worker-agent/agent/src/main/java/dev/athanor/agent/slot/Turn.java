package dev.athanor.agent.slot;

import dev.athanor.agent.call.CallStarter;
import dev.athanor.agent.call.Delivery;
import dev.athanor.agent.life.Life;
import dev.athanor.agent.metrics.AgentMetrics;
import dev.athanor.schemas.UndecodableException;
import dev.athanor.schemas.cluster.LaneTopics;
import dev.athanor.schemas.keys.RefusedException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * What a slot does with the records of one poll: sees their calls through, replies, and only then
 * accepts.
 *
 * <p>A record must not be held for long: one that is held stops its queue after a few thousand
 * others. So a call that still runs a while after it was taken goes over to a lease: what was taken
 * along with it goes back to the queue, the lease is written, its record is accepted, and nothing
 * more is taken until it has ended.
 *
 * <p>Holds nothing between calls; safe for any number of slots.
 */
final class Turn {
    /** Well within the time that a record may be held. */
    private static final Duration ANNOUNCE_PATIENCE = Duration.ofSeconds(10);

    private final DeliveryReader reader;
    private final CallStarter starter;
    private final Records records;
    private final Escalations escalations;
    private final Predicate<String> takesMany;
    private final Duration handOverAfter;
    private final AgentMetrics metrics;
    private final InstantSource clock;

    /**
     * @param takesMany whether an agent may lately have held records of a machine type whose calls
     *     it had not started
     * @param handOverAfter how long a call may run before it goes over to a lease
     */
    Turn(
            DeliveryReader reader,
            CallStarter starter,
            Records records,
            Escalations escalations,
            Predicate<String> takesMany,
            Duration handOverAfter,
            AgentMetrics metrics,
            InstantSource clock) {
        this.reader = reader;
        this.starter = starter;
        this.records = records;
        this.escalations = escalations;
        this.takesMany = takesMany;
        this.handOverAfter = handOverAfter;
        this.metrics = metrics;
        this.clock = clock;
    }

    /**
     * Serves the records; all are acknowledged when it returns, or released when it throws.
     *
     * @param life under which it serves; what it took is released while nobody knows of that
     * @throws InterruptedException when the agent closes: what had not ended is back in its queue;
     *     or when the agent's life is over: it has no outcome
     */
    void serve(
            InvocationSource source,
            List<ConsumerRecord<byte[], byte[]>> polled,
            FetchSize fetchSize,
            Life.Span life)
            throws InterruptedException {
        Taken taken = new Taken(source, polled);
        try {
            if (!life.awaitAnnounced(ANNOUNCE_PATIENCE)) {
                return;
            }
            List<TakenRecord> calls = decoded(taken, polled);
            List<TakenRecord> fresh = putBackAfterLoss(taken, calls);
            new Serving(
                            taken,
                            suspectsLast(fresh),
                            starter.open(),
                            records,
                            escalations,
                            handOverAfter,
                            fetchSize,
                            life,
                            metrics,
                            clock)
                    .run();
            taken.acceptDurable();
        } finally {
            taken.releaseRest();
        }
    }

    /**
     * Puts the records into the queue of their machine type, since there is no slot for them; all
     * are acknowledged when it returns, or released when it throws.
     */
    void handBack(InvocationSource source, List<ConsumerRecord<byte[], byte[]>> polled)
            throws InterruptedException {
        Taken taken = new Taken(source, polled);
        try {
            for (TakenRecord call : putBackAfterLoss(taken, decoded(taken, polled))) {
                taken.done(call.record(), records.putBack(call.delivery(), "no-slot"));
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
            if (LaneTopics.isProbe(record)) {
                taken.done(record, CompletableFuture.completedFuture(null));
                continue;
            }
            try {
                calls.add(new TakenRecord(record, reader.read(record, now)));
            } catch (UndecodableException e) {
                taken.done(record, records.undecodable(record, String.valueOf(e.getMessage())));
            } catch (RefusedException e) {
                taken.done(record, records.refused(record, String.valueOf(e.getMessage())));
            }
        }
        return calls;
    }

    /**
     * The agents that had the redelivered ones were lost, and these may be why: supervision puts
     * them back, to be run with their start written down, and with their deliveries counted anew.
     * Whether they had started is known where no agent takes more than it starts at once; where one
     * does, they have the benefit of the doubt, and no attempt is charged.
     *
     * @return the others
     */
    private List<TakenRecord> putBackAfterLoss(Taken taken, List<TakenRecord> calls) {
        List<TakenRecord> fresh = new ArrayList<>(calls.size());
        for (TakenRecord call : calls) {
            Delivery delivery = call.delivery();
            if (call.isRedelivered()) {
                boolean hadStarted = !takesMany.test(delivery.machineType());
                taken.done(call.record(), records.redelivered(delivery, hadStarted));
            } else {
                fresh.add(call);
            }
        }
        return fresh;
    }

    /** Calls that may end the agent come last. */
    private static List<TakenRecord> suspectsLast(List<TakenRecord> calls) {
        return calls.stream().sorted(Comparator.comparing(TakenRecord::isSuspect)).toList();
    }
}
