package dev.athanor.dispatcher.batch;

import dev.athanor.dispatcher.database.Database;
import dev.athanor.dispatcher.ledger.DayPartitions;
import dev.athanor.dispatcher.ledger.JobId;
import java.time.LocalDate;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/**
 * The days of batches, a partition of each table for each: made when a batch of that day comes,
 * dropped whole when it is too long ago. Safe for any number of threads and processes.
 */
final class BatchTables {
    private final List<DayPartitions> tables;
    private final ReentrantLock lock = new ReentrantLock();

    BatchTables(Database database) {
        this.tables =
                Stream.of("batches", "batch_templates", "batch_inputs")
                        .map(table ->
                                new DayPartitions(
                                        database, table, day -> JobId.lowest(day).toString()))
                        .toList();
    }

    /** Makes what is missing for batches of that day. */
    void make(LocalDate day) {
        lock.lock();
        try {
            tables.forEach(table -> table.make(Set.of(day)));
        } finally {
            lock.unlock();
        }
    }

    /** To be called when something failed: another process may have dropped what is known here. */
    void forget() {
        lock.lock();
        try {
            tables.forEach(DayPartitions::forget);
        } finally {
            lock.unlock();
        }
    }

    /** Drops every day before that one. */
    void dropBefore(LocalDate oldest) {
        lock.lock();
        try {
            tables.forEach(table -> table.dropBefore(oldest));
        } finally {
            lock.unlock();
        }
    }
}
