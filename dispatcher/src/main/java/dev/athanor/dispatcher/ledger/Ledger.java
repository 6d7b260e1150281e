package dev.athanor.dispatcher.ledger;

import dev.athanor.dispatcher.database.Database;
import dev.athanor.dispatcher.metrics.DispatcherMetric;
import dev.athanor.dispatcher.metrics.DispatcherMetrics;
import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.List;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;

/**
 * Keeps what became of every job, and what it returned. Any number of dispatchers on one database
 * share the work; a single one does all of it. Safe for any number of threads.
 */
public final class Ledger implements AutoCloseable {
    /** The group whose members share the events. */
    public static final String GROUP = "athanor.ledger";

    /** How many days before today jobs are kept. */
    public static final int DAYS_KEPT = 30;

    /** How often the database is asked how far another dispatcher has come. */
    private static final Duration ASK_EVERY = Duration.ofMillis(100);

    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(10);

    private final LedgerLoop loop;
    private final LedgerStore store;
    private final JobPartitions days;
    private final LedgerSignals signals;
    private final BlobCopier copier;
    private final LongSupplier ticker;
    private final Thread thread;
    private final Thread copierThread;

    private Ledger(
            LedgerLoop loop,
            LedgerStore store,
            JobPartitions days,
            LedgerSignals signals,
            BlobCopier copier,
            LongSupplier ticker) {
        this.loop = loop;
        this.store = store;
        this.days = days;
        this.signals = signals;
        this.copier = copier;
        this.ticker = ticker;
        this.thread = Thread.ofPlatform().name("ledger").start(loop);
        this.copierThread = Thread.ofPlatform().name("ledger-results").start(copier);
    }

    /**
     * Begins to fill the ledger.
     *
     * @param database stays its giver's to close, after this
     * @param consumers makes a member of {@link #GROUP} that does not commit
     * @param blobs makes a consumer without a group, for the blobs of a tenant
     * @param ticker nanoseconds of a clock that never goes back
     */
    public static Ledger start(
            Database database,
            Supplier<Consumer<byte[], byte[]>> consumers,
            Function<String, Consumer<byte[], byte[]>> blobs,
            DispatcherMetrics metrics,
            LongSupplier ticker,
            InstantSource clock) {
        metrics.show(DispatcherMetric.LEDGER_APPLIED);
        metrics.show(DispatcherMetric.LEDGER_REFUSED);
        LedgerStore store = new LedgerStore(database);
        LedgerSignals signals = new LedgerSignals(ticker);
        BlobCopier copier = new BlobCopier(database, blobs, clock);
        JobPartitions days = new JobPartitions(database, clock, DAYS_KEPT);
        LedgerLoop loop =
                new LedgerLoop(
                        consumers,
                        store,
                        new EventReader(
                                row -> days.holds(JobId.day(row.key().id())),
                                Duration.ofDays(DAYS_KEPT),
                                clock),
                        days,
                        new ResultPartitions(database, clock),
                        signals,
                        copier,
                        metrics,
                        ticker);
        return new Ledger(loop, store, days, signals, copier, ticker);
    }

    /** Whether it has joined, and Kafka and the database did their part when last asked. */
    public boolean isWorking() {
        return thread.isAlive() && loop.isWorking();
    }

    /** Whether jobs whose ids begin with a time of that day, in UTC, are kept. */
    public boolean holds(LocalDate day) {
        return days.holds(day);
    }

    /**
     * Waits until the database has all events of a partition of their topic up to an offset,
     * whichever dispatcher reads it; false when it had not by then.
     *
     * @throws dev.athanor.dispatcher.database.DatabaseException when it does not answer
     */
    public boolean awaitApplied(TopicPartition partition, long end, Duration timeout)
            throws InterruptedException {
        long deadline = ticker.getAsLong() + timeout.toNanos();
        while (!signals.await(partition, end, ASK_EVERY)) {
            if (!signals.reads(partition)
                    && store.offsets(List.of(partition)).getOrDefault(partition, 0L) >= end) {
                return true;
            }
            if (ticker.getAsLong() - deadline >= 0) {
                return false;
            }
        }
        return true;
    }

    /** Whether this process reads that partition of the events just now. */
    public boolean reads(TopicPartition partition) {
        return signals.reads(partition);
    }

    /** A number that grows with whatever this process writes. */
    public long news() {
        return signals.news();
    }

    /** Waits until that number is another, or for so long. */
    public void awaitNews(long seen, Duration timeout) throws InterruptedException {
        signals.awaitNews(seen, timeout);
    }

    /** Begins to watch for the end of a job that this process writes. */
    public JobWatch watch(JobKey job) {
        return signals.watch(job);
    }

    @Override
    public void close() {
        loop.stop();
        copier.stop();
        try {
            thread.join(CLOSE_PATIENCE);
            copierThread.join(CLOSE_PATIENCE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
