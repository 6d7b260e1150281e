package dev.athanor.dispatcher.ledger;

import dev.athanor.dispatcher.database.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The days that the ledger holds, a partition each: made when a job of that day comes, dropped
 * whole when it is too long ago. For one thread; any number of processes may do the same.
 */
final class JobPartitions {
    private static final String PREFIX = "jobs_";

    /** Callers' clocks may be this many days ahead. */
    private static final int DAYS_AHEAD = 1;

    /** Makes the processes take turns: any number that nothing else locks by. */
    private static final long LOCK = 0x617468616e6f72L;

    private final Database database;
    private final InstantSource clock;
    private final int daysKept;
    private final Set<LocalDate> known = new HashSet<>();

    /**
     * @param daysKept how many days before today are kept, from 1
     */
    JobPartitions(Database database, InstantSource clock, int daysKept) {
        this.database = database;
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
        List<LocalDate> missing =
                days.stream().filter(day -> !known.contains(day)).distinct().sorted().toList();
        if (missing.isEmpty()) {
            return;
        }
        database.transaction(connection -> {
            lock(connection);
            for (LocalDate day : missing) {
                execute(
                        connection,
                        "CREATE TABLE IF NOT EXISTS %s PARTITION OF jobs FOR VALUES FROM ('%s') TO ('%s')"
                                .formatted(
                                        name(day),
                                        JobId.lowest(day),
                                        JobId.lowest(day.plus(1, ChronoUnit.DAYS))));
            }
            return missing.size();
        });
        known.addAll(missing);
    }

    /** To be called when something failed: another process may have dropped what is known here. */
    void forget() {
        known.clear();
    }

    /** Drops every day that is kept no longer, and says which. */
    List<LocalDate> dropOld() {
        LocalDate oldest = today().minusDays(daysKept);
        List<LocalDate> dropped =
                database.transaction(connection -> {
                    lock(connection);
                    List<LocalDate> old =
                            days(connection).stream().filter(oldest::isAfter).toList();
                    for (LocalDate day : old) {
                        execute(connection, "DROP TABLE " + name(day));
                    }
                    return old;
                });
        dropped.forEach(known::remove);
        return dropped;
    }

    private static List<LocalDate> days(Connection connection) throws SQLException {
        String sql = "SELECT relid::text FROM pg_partition_tree('jobs') WHERE isleaf ORDER BY 1";
        List<LocalDate> days = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(sql);
                ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                String name = rows.getString(1);
                // Without any partition, the table is its own leaf.
                if (name.startsWith(PREFIX)) {
                    days.add(
                            LocalDate.parse(
                                    name.substring(PREFIX.length()),
                                    DateTimeFormatter.BASIC_ISO_DATE));
                }
            }
        }
        return days;
    }

    private static void lock(Connection connection) throws SQLException {
        execute(connection, "SELECT pg_advisory_xact_lock(%d)".formatted(LOCK));
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String name(LocalDate day) {
        return PREFIX + DateTimeFormatter.BASIC_ISO_DATE.format(day);
    }

    private LocalDate today() {
        return LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
    }
}
