package dev.athanor.dispatcher.ledger;

import dev.athanor.dispatcher.database.Database;
import dev.athanor.dispatcher.metrics.DispatcherMetric;
import dev.athanor.dispatcher.metrics.DispatcherMetrics;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;

/**
 * Keeps what became of every job. Any number of dispatchers on one database share the work; a
 * single one does all of it. Safe for any number of threads.
 */
public final class Ledger implements AutoCloseable {
    /** The group whose members share the events. */
    public static final String GROUP = "athanor.ledger";

    /** How many days before today jobs are kept. */
    private static final int DAYS_KEPT = 30;

    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(10);

    private final LedgerLoop loop;
    private final Thread thread;

    private Ledger(LedgerLoop loop) {
        this.loop = loop;
        this.thread = Thread.ofPlatform().name("ledger").start(loop);
    }

    /**
     * Begins to fill the ledger.
     *
     * @param database stays its giver's to close, after this
     * @param consumers makes a member of {@link #GROUP} that does not commit
     * @param ticker nanoseconds of a clock that never goes back
     */
    public static Ledger start(
            Database database,
            Supplier<Consumer<byte[], byte[]>> consumers,
            DispatcherMetrics metrics,
            LongSupplier ticker,
            InstantSource clock) {
        metrics.show(DispatcherMetric.LEDGER_APPLIED);
        metrics.show(DispatcherMetric.LEDGER_REFUSED);
        return new Ledger(
                new LedgerLoop(
                        consumers,
                        new LedgerStore(database),
                        new JobPartitions(database, clock, DAYS_KEPT),
                        metrics,
                        ticker));
    }

    /** Whether it has joined, and Kafka and the database did their part when last asked. */
    public boolean isWorking() {
        return thread.isAlive() && loop.isWorking();
    }

    @Override
    public void close() {
        loop.stop();
        try {
            thread.join(CLOSE_PATIENCE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
