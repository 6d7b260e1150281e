package dev.athanor.dispatcher.ledger;

import dev.athanor.dispatcher.database.Database;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;

/**
 * Results of jobs and their chunks, with a partition for each day on which some expire: dropped
 * whole when that is over. For one thread; any number of processes may do the same.
 */
final class ResultPartitions {
    private final List<DayPartitions> tables;
    private final InstantSource clock;

    ResultPartitions(Database database, InstantSource clock) {
        this.tables =
                List.of(
                        new DayPartitions(database, "results", LocalDate::toString),
                        new DayPartitions(database, "result_chunks", LocalDate::toString));
        this.clock = clock;
    }

    /** The day in whose partition lies what expires then, milliseconds since the epoch. */
    static LocalDate day(long expiresAt) {
        return LocalDate.ofInstant(Instant.ofEpochMilli(expiresAt), ZoneOffset.UTC);
    }

    void make(Collection<LocalDate> days) {
        tables.forEach(table -> table.make(days));
    }

    /** To be called when something failed: another process may have dropped what is known here. */
    void forget() {
        tables.forEach(DayPartitions::forget);
    }

    /** Drops the days that are over. */
    void dropOld() {
        LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
        tables.forEach(table -> table.dropBefore(today));
    }
}
