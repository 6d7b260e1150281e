package dev.athanor.dispatcher.outbox;

import dev.athanor.dispatcher.database.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;
import java.util.UUID;

/**
 * The attempts that wait for their time, and who sets about writing them to Kafka. Safe for any
 * number of threads and processes.
 */
public final class Outbox {
    /** Names what is done when the time of an attempt has come; its instances are the keys. */
    public static final String TASK = "attempt";

    private static final String ADD =
            """
            INSERT INTO outbox (tenant, id, attempt, machine_type, due_at, envelope)
            VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
            """;
    private static final String FIND =
            """
            SELECT machine_type, due_at, envelope, cancelled, publisher FROM outbox
            WHERE tenant = ? AND id = ? AND attempt = ? FOR UPDATE
            """;
    private static final String FIRST =
            """
            SELECT attempt, machine_type, due_at, envelope FROM outbox
            WHERE tenant = ? AND id = ? ORDER BY attempt LIMIT 1
            """;
    private static final String CLAIM =
            "UPDATE outbox SET publisher = ? WHERE tenant = ? AND id = ? AND attempt = ?";
    private static final String REMOVE =
            "DELETE FROM outbox WHERE tenant = ? AND id = ? AND attempt = ?";
    private static final String CANCEL =
            """
            UPDATE outbox SET cancelled = true
            WHERE tenant = ? AND id = ? AND publisher IS NULL RETURNING attempt
            """;

    private final Database database;

    public Outbox(Database database) {
        this.database = database;
    }

    /** Adds attempts in the caller's transaction; one that is there stays as it is. */
    public static void add(Connection connection, Collection<WaitingAttempt> attempts)
            throws SQLException {
        if (attempts.isEmpty()) {
            return;
        }
        try (PreparedStatement statement = connection.prepareStatement(ADD)) {
            for (WaitingAttempt attempt : attempts) {
                name(statement, 1, attempt.key());
                statement.setString(4, attempt.machineType());
                statement.setLong(5, attempt.dueAt());
                statement.setBytes(6, attempt.envelope());
                statement.addBatch();
            }
            statement.executeBatch();
        }
        for (WaitingAttempt attempt : attempts) {
            TaskRows.add(
                    connection,
                    TASK,
                    attempt.key().toString(),
                    Instant.ofEpochMilli(attempt.dueAt()));
        }
    }

    /** The first attempt of a job that waits. */
    public Optional<WaitingAttempt> find(String tenant, UUID id) {
        return database.transaction(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(FIRST)) {
                statement.setString(1, tenant);
                statement.setObject(2, id);
                try (ResultSet row = statement.executeQuery()) {
                    return row.next()
                            ? Optional.of(
                                    new WaitingAttempt(
                                            new AttemptKey(tenant, id, row.getInt(1)),
                                            row.getString(2),
                                            row.getLong(3),
                                            row.getBytes(4)))
                            : Optional.empty();
                }
            }
        });
    }

    /**
     * Takes note that a producer sets about writing an attempt.
     *
     * @param publisher its transactional id
     * @return empty: it is written, or gone
     */
    public Optional<Claim> claim(AttemptKey key, String publisher) {
        return database.transaction(connection -> {
            Optional<Claim> claim = find(connection, key);
            if (claim.isPresent()) {
                try (PreparedStatement statement = connection.prepareStatement(CLAIM)) {
                    statement.setString(1, publisher);
                    name(statement, 2, key);
                    statement.executeUpdate();
                }
            }
            return claim;
        });
    }

    private static Optional<Claim> find(Connection connection, AttemptKey key) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(FIND)) {
            name(statement, 1, key);
            try (ResultSet row = statement.executeQuery()) {
                return row.next()
                        ? Optional.of(
                                new Claim(
                                        new WaitingAttempt(
                                                key,
                                                row.getString(1),
                                                row.getLong(2),
                                                row.getBytes(3)),
                                        row.getBoolean(4),
                                        Optional.ofNullable(row.getString(5))))
                        : Optional.empty();
            }
        }
    }

    /** It is written. */
    public void remove(AttemptKey key) {
        database.transaction(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(REMOVE)) {
                name(statement, 1, key);
                return statement.executeUpdate();
            }
        });
    }

    /**
     * Keeps the waiting attempt of a job from ever being written.
     *
     * @param now when the end of its job is to be written
     * @return false: none waits, or a producer has set about writing it
     */
    public boolean cancel(String tenant, UUID id, Instant now) {
        return database.transaction(connection -> {
            boolean cancelled = false;
            try (PreparedStatement statement = connection.prepareStatement(CANCEL)) {
                statement.setString(1, tenant);
                statement.setObject(2, id);
                try (ResultSet row = statement.executeQuery()) {
                    while (row.next()) {
                        AttemptKey key = new AttemptKey(tenant, id, row.getInt(1));
                        TaskRows.move(connection, TASK, key.toString(), now);
                        cancelled = true;
                    }
                }
            }
            return cancelled;
        });
    }

    private static void name(PreparedStatement statement, int first, AttemptKey key)
            throws SQLException {
        statement.setString(first, key.tenant());
        statement.setObject(first + 1, key.id());
        statement.setInt(first + 2, key.attempt());
    }
}
