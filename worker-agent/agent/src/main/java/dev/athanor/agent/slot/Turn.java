package dev.athanor.agent.slot;

import dev.athanor.agent.call.CallStarter;
import dev.athanor.agent.metrics.AgentMetrics;
import dev.athanor.schemas.UndecodableException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
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
    private final DeliveryReader reader;
    private final CallStarter starter;
    private final Records records;
    private final Duration handOverAfter;
    private final AgentMetrics metrics;
    private final InstantSource clock;

    /**
     * @param handOverAfter how long a call may run before it goes over to a lease
     */
    Turn(
            DeliveryReader reader,
            CallStarter starter,
            Records records,
            Duration handOverAfter,
            AgentMetrics metrics,
            InstantSource clock) {
        this.reader = reader;
        this.starter = starter;
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
                new Serving(
                                taken,
                                suspectsLast(calls),
                                starter.open(),
                                records,
                                handOverAfter,
                                fetchSize,
                                metrics,
                                clock)
                        .run();
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

    /** Calls that may end the agent come last. */
    private static List<TakenRecord> suspectsLast(List<TakenRecord> calls) {
        return calls.stream().sorted(Comparator.comparing(TakenRecord::isSuspect)).toList();
    }
}
