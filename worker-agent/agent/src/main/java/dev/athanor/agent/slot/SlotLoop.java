package dev.athanor.agent.slot;

import dev.athanor.agent.life.Life;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes records of a queue or a lane and serves them in a slot, or hands them back where none is
 * free, until it is stopped. What Kafka refuses is tried again with new consumers after a second.
 * Runs on a thread of its own; everything else may be called from any.
 */
final class SlotLoop implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(SlotLoop.class);
    private static final Duration BACKOFF = Duration.ofSeconds(1);

    /** A slot that serves short calls is free again by then: handing back costs no less. */
    private static final Duration PATIENCE = FetchSize.SHORT;

    /** How soon a loop that may not poll notices that it is stopped. */
    private static final Duration REST = Duration.ofMillis(100);

    /** Longer than records are locked: what was taken among many comes back by then. */
    private static final Duration DOUBT = Duration.ofSeconds(40);

    private final String name;
    private final Supplier<InvocationSource> sources;
    private final String machineType;
    private final Room room;
    private final Room.Door door;
    private final Turn turn;
    private final Life life;
    private final FetchSize fetchSize = new FetchSize();
    private final CountDownLatch stopped = new CountDownLatch(1);
    private volatile Optional<InvocationSource> current = Optional.empty();
    private volatile boolean takesMany;
    private long tookManyAt;
    private boolean tookMany;
    private final Object serving = new Object();

    // Guarded by serving.
    private @Nullable Thread busy;
    private Life.@Nullable Span busyLife;

    /**
     * @param name for logs
     * @param machineType of its records
     * @param sources makes a source, anew after a failure
     * @param room where the slots are
     * @param door by which its records get into one
     */
    SlotLoop(
            String name,
            String machineType,
            Supplier<InvocationSource> sources,
            Room room,
            Room.Door door,
            Turn turn,
            Life life) {
        this.name = name;
        this.machineType = machineType;
        this.sources = sources;
        this.room = room;
        this.door = door;
        this.turn = turn;
        this.life = life;
    }

    @Override
    public void run() {
        while (!isStopped()) {
            try (InvocationSource source = sources.get()) {
                current = Optional.of(source);
                serve(source);
            } catch (InterruptedException e) {
                // Only closing interrupts, and it waits for this thread.
                return;
            } catch (RuntimeException e) {
                // What it held is released and counted as an attempt, so that a mistake of ours
                // ends as a dead letter rather than in a loop.
                LOG.error("slot={} failed and joins again", name, e);
                backOff();
            } finally {
                current = Optional.empty();
                door.leave();
            }
        }
    }

    private void serve(InvocationSource source) throws InterruptedException {
        while (mayPoll(source)) {
            boolean wantsMany = fetchSize.isWide();
            takesMany = wantsMany || (tookMany && System.nanoTime() - tookManyAt < DOUBT.toNanos());
            boolean takesManyNow = wantsMany && life.current().isKnownToTakeMany(machineType);
            List<ConsumerRecord<byte[], byte[]>> records = source.take(takesManyNow);
            if (takesManyNow) {
                tookMany = true;
                tookManyAt = System.nanoTime();
            }
            if (!records.isEmpty()) {
                door.polled();
                serve(source, records);
            }
        }
        source.commit();
    }

    /** Waits until this may take records; false when it is stopped. */
    private boolean mayPoll(InvocationSource source) throws InterruptedException {
        boolean mayPoll = door.mayPoll(Duration.ZERO);
        if (!mayPoll && !isStopped()) {
            // Nothing is taken for a while, and nothing that was done may wait for that.
            source.commit();
        }
        while (!mayPoll && !isStopped()) {
            mayPoll = door.mayPoll(REST);
        }
        return !isStopped();
    }

    private void serve(InvocationSource source, List<ConsumerRecord<byte[], byte[]>> records)
            throws InterruptedException {
        if (!room.take(PATIENCE)) {
            turn.handBack(source, records);
            return;
        }
        try {
            serveInSlot(source, records);
        } finally {
            room.give();
        }
    }

    private void serveInSlot(InvocationSource source, List<ConsumerRecord<byte[], byte[]>> records)
            throws InterruptedException {
        Life.Span span = life.current();
        begin(span);
        try {
            turn.serve(source, records, fetchSize, span);
        } catch (InterruptedException e) {
            if (isStopped()) {
                throw e;
            }
            LOG.warn("slot={} ended what it ran: {}", name, e.toString());
        } finally {
            end();
        }
    }

    private void begin(Life.Span span) {
        synchronized (serving) {
            busy = Thread.currentThread();
            busyLife = span;
        }
    }

    /** An interrupt meant for what was given up must not reach what comes next. */
    private void end() {
        synchronized (serving) {
            busy = null;
            busyLife = null;
            if (!isStopped()) {
                boolean wasInterrupted = Thread.interrupted();
                LOG.trace("slot={} interrupted={}", name, wasInterrupted);
            }
        }
    }

    /** Gives up what it serves under a life that is over. */
    @SuppressWarnings("Interruption") // The slot's thread is its own.
    void giveUp() {
        synchronized (serving) {
            if (busy != null && busyLife != null && busyLife.isOver()) {
                busy.interrupt();
            }
        }
    }

    private boolean isStopped() {
        return stopped.getCount() == 0;
    }

    private void backOff() {
        try {
            boolean isStopped = stopped.await(BACKOFF.toMillis(), TimeUnit.MILLISECONDS);
            LOG.debug("slot={} stopped={}", name, isStopped);
        } catch (InterruptedException e) {
            stop();
        }
    }

    /** Ends what it serves, if anything. */
    @SuppressWarnings("Interruption") // The slot's thread is its own.
    void interruptServing() {
        synchronized (serving) {
            if (busy != null) {
                busy.interrupt();
            }
        }
    }

    String machineType() {
        return machineType;
    }

    /** Whether it may hold, or held lately, records whose calls have not started. */
    boolean takesMany() {
        return takesMany;
    }

    /** Takes nothing more; what was taken is served first. */
    void stop() {
        stopped.countDown();
        current.ifPresent(InvocationSource::wakeup);
    }
}
