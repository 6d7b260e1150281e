package dev.athanor.dispatcher.outbox;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;

/**
 * Writes rows of db-scheduler's table as its own client does, but in the caller's transaction, and
 * without a failure where there is one already, which would undo all else. Safe for any number of
 * threads.
 */
public final class TaskRows {
    private static final String ADD =
            """
            INSERT INTO scheduled_tasks (task_name, task_instance, execution_time, picked, version)
            VALUES (?, ?, ?, false, 1) ON CONFLICT DO NOTHING
            """;
    private static final String MOVE =
            """
            UPDATE scheduled_tasks SET execution_time = ?, version = version + 1
            WHERE task_name = ? AND task_instance = ? AND NOT picked
            """;
    private static final String REMOVE =
            "DELETE FROM scheduled_tasks WHERE task_name = ? AND task_instance = ? AND NOT picked";

    private TaskRows() {}

    /** Adds what is to be done at some time, unless it is there. */
    public static void add(Connection connection, String task, String instance, Instant at)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(ADD)) {
            statement.setString(1, task);
            statement.setString(2, instance);
            statement.setTimestamp(3, Timestamp.from(at));
            statement.executeUpdate();
        }
    }

    /** Does it at another time, unless it is being done just now. */
    public static void move(Connection connection, String task, String instance, Instant to)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(MOVE)) {
            statement.setTimestamp(1, Timestamp.from(to));
            statement.setString(2, task);
            statement.setString(3, instance);
            statement.executeUpdate();
        }
    }

    /** Never does it, unless it is being done just now. */
    public static void remove(Connection connection, String task, String instance)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(REMOVE)) {
            statement.setString(1, task);
            statement.setString(2, instance);
            statement.executeUpdate();
        }
    }
}
