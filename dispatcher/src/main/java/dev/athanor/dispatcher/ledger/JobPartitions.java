package dev.athanor.dispatcher.ledger;

import dev.athanor.dispatcher.database.Database;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;

/**
 * The days of jobs that the ledger holds, a partition each: made when a job of that day comes,
 * dropped whole when it is too long ago. For one thread; any number of processes may do the same.
 */
final class JobPartitions {
    /** Callers' clocks may be this many days ahead. */
    private static final int DAYS_AHEAD = 1;

    private final DayPartitions partitions;
    private final InstantSource clock;
    private final int daysKept;

    /**
     * @param daysKept how many days before today are kept, from 1
     */
    JobPartitions(Database database, InstantSource clock, int daysKept) {
        this.partitions = new DayPartitions(database, "jobs", day -> JobId.lowest(day).toString());
        this.clock = clock;
        this.daysKept = daysKept;
    }

    /** Whether jobs of that day are kept. */
    boolean holds(LocalDate day) {
        LocalDate today = today();
        return !day.isBefore(today.minusDays(daysKept)) && !day.isAfter(today.plusDays(DAYS_AHEAD));
    }

    /** Makes what is missing for jobs of these days, which must be held. */
    void make(Collection<LocalDate> days) {
        partitions.make(days);
    }

    /** To be called when something failed: another process may have dropped what is known here. */
    void forget() {
        partitions.forget();
    }

    /** Drops every day that is kept no longer, and says which. */
    List<LocalDate> dropOld() {
        return partitions.dropBefore(today().minusDays(daysKept));
    }

    private LocalDate today() {
        return LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
    }
}
