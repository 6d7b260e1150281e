package dev.athanor.dispatcher.ledger;

import dev.athanor.dispatcher.database.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * The partitions of a table that has one for each day. For one thread; any number of processes may
 * do the same.
 */
public final class DayPartitions {
    /** Makes the processes take turns: any number that nothing else locks by. */
    private static final long LOCK = 0x617468616e6f72L;

    private final Database database;
    private final String table;
    private final Function<LocalDate, String> begin;
    private final Set<LocalDate> known = new HashSet<>();

    /**
     * @param table a name that needs no quotes
     * @param begin the least value of a day, which needs none either
     */
    public DayPartitions(Database database, String table, Function<LocalDate, String> begin) {
        this.database = database;
        this.table = table;
        this.begin = begin;
    }

    /** Makes what is missing for these days. */
    public void make(Collection<LocalDate> days) {
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
                        "CREATE TABLE IF NOT EXISTS %s PARTITION OF %s FOR VALUES FROM ('%s') TO ('%s')"
                                .formatted(
                                        name(day),
                                        table,
                                        begin.apply(day),
                                        begin.apply(day.plus(1, ChronoUnit.DAYS))));
            }
            return missing.size();
        });
        known.addAll(missing);
    }

    /** To be called when something failed: another process may have dropped what is known here. */
    public void forget() {
        known.clear();
    }

    /** Drops every day before that one, and says which. */
    public List<LocalDate> dropBefore(LocalDate oldest) {
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

    private List<LocalDate> days(Connection connection) throws SQLException {
        String sql =
                "SELECT relid::text FROM pg_partition_tree('%s') WHERE isleaf ORDER BY 1"
                        .formatted(table);
        String prefix = table + "_";
        List<LocalDate> days = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(sql);
                ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                String name = rows.getString(1);
                // Without any partition, the table is its own leaf.
                if (name.startsWith(prefix)) {
                    days.add(
                            LocalDate.parse(
                                    name.substring(prefix.length()),
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

    private String name(LocalDate day) {
        return table + "_" + DateTimeFormatter.BASIC_ISO_DATE.format(day);
    }
}
