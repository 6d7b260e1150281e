package dev.athanor.agent.life;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/**
 * The life that an agent leads. It begins with a durable heartbeat, and is over once none has been
 * durable for too long: the others then take the agent for dead and run elsewhere what it had. So
 * what a life that is over ran must have no outcome, and the next life has another epoch: that
 * tells the others, even when they noticed nothing, that its leases are to be run elsewhere. Safe
 * for any number of threads.
 */
public final class Life {
    private final Duration patience;
    private final LongSupplier ticker;
    private final InstantSource clock;
    private volatile Span current;

    /** One life. */
    public final class Span {
        private final long epoch;
        private final CountDownLatch announced = new CountDownLatch(1);
        private volatile long lastBeat;
        private volatile boolean over;
        private volatile Set<String> takesMany = Set.of();

        private Span(long epoch) {
            this.epoch = epoch;
        }

        /** Names this life in heartbeats and leases. */
        public long epoch() {
            return epoch;
        }

        /** Whether others take the agent for dead, or may soon; never false again. */
        public boolean isOver() {
            return over || (announced.getCount() == 0 && isSilent());
        }

        private boolean isSilent() {
            return ticker.getAsLong() - lastBeat >= patience.toNanos();
        }

        /** Waits for its first heartbeat to be durable; false when that takes longer. */
        public boolean awaitAnnounced(Duration timeout) throws InterruptedException {
            return announced.await(timeout.toNanos(), TimeUnit.NANOSECONDS);
        }

        /**
         * Whether its last heartbeats said that slots of the machine type may hold records whose
         * calls have not started.
         */
        public boolean isKnownToTakeMany(String machineType) {
            return takesMany.contains(machineType);
        }

        /** A heartbeat is about to say that only these machine types take many. */
        void onlyTheseTakeMany(Set<String> machineTypes) {
            takesMany =
                    takesMany.stream().filter(machineTypes::contains).collect(Collectors.toSet());
        }

        /**
         * Notes that a heartbeat of it became durable.
         *
         * @param sentAt when it was sent, by the ticker: others saw it then or later
         * @param machineTypes those that take many, as it said
         */
        void beat(long sentAt, Set<String> machineTypes) {
            takesMany = machineTypes;
            if (announced.getCount() > 0 || sentAt - lastBeat > 0) {
                lastBeat = sentAt;
            }
            announced.countDown();
        }
    }

    /**
     * @param patience how long a life goes on without a heartbeat
     * @param ticker a monotonic clock in nanoseconds
     */
    public Life(Duration patience, LongSupplier ticker, InstantSource clock) {
        this.patience = patience;
        this.ticker = ticker;
        this.clock = clock;
        this.current = new Span(clock.millis());
    }

    public Span current() {
        return current;
    }

    /** Begins the next life, which nobody knows of yet. */
    void renew() {
        Span last = current;
        last.over = true;
        current = new Span(Math.max(last.epoch() + 1, clock.millis()));
    }
}
