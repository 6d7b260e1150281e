package dev.athanor.dispatcher.schedule;

import dev.athanor.schemas.Codec;
import dev.athanor.schemas.Invocation;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The tables of schedules, in their callers' transactions. Safe for any number of threads. */
final class ScheduleRows {
    /** How long is remembered what became of a time. */
    private static final Duration REMEMBERED = Duration.ofDays(30);

    private static final String COLUMNS =
            "name, cron, zone, missed, paused, function, machine_type, created_at, next_at";

    private ScheduleRows() {}

    /** Keeps a schedule; one of its name is replaced, and what became of its times is kept. */
    static void put(Connection connection, String tenant, StoredSchedule stored)
            throws SQLException {
        Schedule schedule = stored.schedule();
        String sql =
                "INSERT INTO schedules (tenant, generation, template, blobs_at, "
                        + COLUMNS
                        + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
                        + " ON CONFLICT (tenant, name) DO UPDATE SET (generation, template, blobs_at, cron,"
                        + " zone, missed, paused, function, machine_type, created_at, next_at) ="
                        + " (excluded.generation, excluded.template, excluded.blobs_at, excluded.cron,"
                        + " excluded.zone, excluded.missed, excluded.paused, excluded.function,"
                        + " excluded.machine_type, excluded.created_at, excluded.next_at)";
        execute(
                connection,
                sql,
                tenant,
                stored.generation(),
                Codec.current().encode(stored.template()),
                stored.blobsAt().toEpochMilli(),
                schedule.name(),
                schedule.cron(),
                schedule.zone(),
                schedule.missed().name(),
                schedule.paused(),
                schedule.function(),
                schedule.machineType(),
                schedule.createdAt().toEpochMilli(),
                millis(schedule.nextAt()));
    }

    /** The schedule, which nobody else changes until the transaction ends. */
    static Optional<StoredSchedule> lock(Connection connection, ScheduleKey key)
            throws SQLException {
        String sql =
                "SELECT "
                        + COLUMNS
                        + ", generation, template, blobs_at FROM schedules"
                        + " WHERE tenant = ? AND name = ? FOR UPDATE";
        try (PreparedStatement statement = prepare(connection, sql, key.tenant(), key.name());
                ResultSet row = statement.executeQuery()) {
            return row.next()
                    ? Optional.of(
                            new StoredSchedule(
                                    schedule(row),
                                    row.getObject("generation", UUID.class),
                                    Codec.current()
                                            .decode(row.getBytes("template"), Invocation.class),
                                    Instant.ofEpochMilli(row.getLong("blobs_at"))))
                    : Optional.empty();
        }
    }

    /** A tenant's schedules by their names. */
    static List<Schedule> list(Connection connection, String tenant) throws SQLException {
        String sql = "SELECT " + COLUMNS + " FROM schedules WHERE tenant = ? ORDER BY name";
        try (PreparedStatement statement = prepare(connection, sql, tenant);
                ResultSet row = statement.executeQuery()) {
            List<Schedule> found = new ArrayList<>();
            while (row.next()) {
                found.add(schedule(row));
            }
            return found;
        }
    }

    static boolean delete(Connection connection, ScheduleKey key) throws SQLException {
        return execute(
                        connection,
                        "DELETE FROM schedules WHERE tenant = ? AND name = ?",
                        key.tenant(),
                        key.name())
                > 0;
    }

    static void pause(
            Connection connection, ScheduleKey key, boolean paused, Optional<Instant> nextAt)
            throws SQLException {
        execute(
                connection,
                "UPDATE schedules SET paused = ?, next_at = ? WHERE tenant = ? AND name = ?",
                paused,
                millis(nextAt),
                key.tenant(),
                key.name());
    }

    /** Its blobs lie elsewhere in Kafka from now on, unless it was made anew meanwhile. */
    static void moved(Connection connection, ScheduleKey key, StoredSchedule moved, Instant blobsAt)
            throws SQLException {
        execute(
                connection,
                "UPDATE schedules SET template = ?, blobs_at = ?"
                        + " WHERE tenant = ? AND name = ? AND generation = ?",
                Codec.current().encode(moved.template()),
                blobsAt.toEpochMilli(),
                key.tenant(),
                key.name(),
                moved.generation());
    }

    /** Notes what became of a time, and forgets those of long ago. */
    static void fired(Connection connection, ScheduleKey key, Firing firing) throws SQLException {
        execute(
                connection,
                "INSERT INTO schedule_firings (tenant, name, fire_at, kind, decided_at, job)"
                        + " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
                key.tenant(),
                key.name(),
                firing.fireAt().toEpochMilli(),
                firing.kind().name(),
                firing.decidedAt().toEpochMilli(),
                firing.job().map(UUID::fromString).orElse(null));
        execute(
                connection,
                "DELETE FROM schedule_firings WHERE tenant = ? AND name = ? AND fire_at < ?",
                key.tenant(),
                key.name(),
                firing.decidedAt().minus(REMEMBERED).toEpochMilli());
    }

    /** What became of its times, the newest first. */
    static List<Firing> firings(Connection connection, ScheduleKey key, int limit)
            throws SQLException {
        String sql =
                "SELECT fire_at, kind, decided_at, job FROM schedule_firings"
                        + " WHERE tenant = ? AND name = ? ORDER BY fire_at DESC, kind LIMIT ?";
        try (PreparedStatement statement =
                        prepare(connection, sql, key.tenant(), key.name(), limit);
                ResultSet row = statement.executeQuery()) {
            List<Firing> found = new ArrayList<>();
            while (row.next()) {
                found.add(
                        new Firing(
                                Instant.ofEpochMilli(row.getLong(1)),
                                Firing.Kind.valueOf(row.getString(2)),
                                Instant.ofEpochMilli(row.getLong(3)),
                                Optional.ofNullable(row.getString(4))));
            }
            return found;
        }
    }

    private static Schedule schedule(ResultSet row) throws SQLException {
        long next = row.getLong("next_at");
        return new Schedule(
                row.getString("name"),
                row.getString("cron"),
                row.getString("zone"),
                MissedFirings.valueOf(row.getString("missed")),
                row.getBoolean("paused"),
                row.getString("function"),
                row.getString("machine_type"),
                Instant.ofEpochMilli(row.getLong("created_at")),
                next == 0 ? Optional.empty() : Optional.of(Instant.ofEpochMilli(next)));
    }

    private static long millis(Optional<Instant> time) {
        return time.map(Instant::toEpochMilli).orElse(0L);
    }

    private static int execute(Connection connection, String sql, @Nullable Object... values)
            throws SQLException {
        try (PreparedStatement statement = prepare(connection, sql, values)) {
            return statement.executeUpdate();
        }
    }

    private static PreparedStatement prepare(
            Connection connection, String sql, @Nullable Object... values) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        for (int i = 0; i < values.length; i++) {
            statement.setObject(i + 1, values[i]);
        }
        return statement;
    }
}
