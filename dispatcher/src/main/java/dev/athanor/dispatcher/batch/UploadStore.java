package dev.athanor.dispatcher.batch;

import dev.athanor.dispatcher.batch.BatchRefusedException.Reason;
import dev.athanor.dispatcher.database.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.UUID;

/**
 * Batches whose inputs are coming. Nothing sees them until they are complete. Safe for any number
 * of threads.
 */
final class UploadStore {
    private static final String COUNT =
            "SELECT count(*) FROM batches WHERE tenant = ? AND ended_at = 0 AND id <> ?";
    private static final String FIND =
            "SELECT total FROM batches WHERE tenant = ? AND id = ? FOR UPDATE";
    private static final String DELETE = "DELETE FROM batches WHERE tenant = ? AND id = ?";
    private static final String DELETE_TEMPLATES =
            "DELETE FROM batch_templates WHERE tenant = ? AND batch = ?";
    private static final String DELETE_INPUTS =
            "DELETE FROM batch_inputs WHERE tenant = ? AND batch = ?";
    private static final String INSERT =
            """
            INSERT INTO batches (tenant, id, function, machine_type, created_at, upload)
            VALUES (?, ?, ?, ?, ?, ?)
            """;
    private static final String IS_COMING =
            """
            SELECT FROM batches WHERE tenant = ? AND id = ? AND upload = ? AND total IS NULL
            FOR UPDATE
            """;
    private static final String INSERT_TEMPLATE = "INSERT INTO batch_templates VALUES (?, ?, ?, ?)";
    private static final String INSERT_INPUTS = "INSERT INTO batch_inputs VALUES (?, ?, ?, ?, ?)";
    private static final String FINISH =
            "UPDATE batches SET total = ?, ended_at = ? WHERE tenant = ? AND id = ?";
    private static final String ABANDONED =
            "SELECT tenant, id FROM batches WHERE total IS NULL AND created_at < ? LIMIT 100";

    private final Database database;

    UploadStore(Database database) {
        this.database = database;
    }

    /**
     * Begins one, in the place of what came of it before and was not finished.
     *
     * @param upload names this try
     * @param now milliseconds since the epoch
     * @param most how many others of the tenant may be under way, this one not counted
     * @throws BatchRefusedException when it is there already, or there are too many others
     */
    void begin(BatchKey key, UUID upload, String function, String machineType, long now, int most) {
        database.transaction(connection -> {
            try (PreparedStatement statement = prepared(connection, FIND, key);
                    ResultSet row = statement.executeQuery()) {
                if (row.next() && row.getObject(1) != null) {
                    throw new BatchRefusedException(
                            Reason.CONFLICT, "there is a batch %s already".formatted(key.id()));
                }
            }
            try (PreparedStatement statement = prepared(connection, COUNT, key);
                    ResultSet row = statement.executeQuery()) {
                if (row.next() && row.getInt(1) >= most) {
                    throw new BatchRefusedException(
                            Reason.TOO_MANY,
                            "%,d batches of %s are under way, and no more may"
                                    .formatted(most, key.tenant()));
                }
            }
            delete(connection, key);
            try (PreparedStatement statement = prepared(connection, INSERT, key)) {
                statement.setString(3, function);
                statement.setString(4, machineType);
                statement.setLong(5, now);
                statement.setObject(6, upload);
                return statement.executeUpdate();
            }
        });
    }

    /** For members from that index on. */
    void template(BatchKey key, UUID upload, int firstIndex, byte[] invocation) {
        database.transaction(connection -> {
            checkComing(connection, key, upload);
            try (PreparedStatement statement = prepared(connection, INSERT_TEMPLATE, key)) {
                statement.setInt(3, firstIndex);
                statement.setBytes(4, invocation);
                return statement.executeUpdate();
            }
        });
    }

    /** So many inputs from that index on. */
    void inputs(BatchKey key, UUID upload, int firstIndex, int count, byte[] payloads) {
        database.transaction(connection -> {
            checkComing(connection, key, upload);
            try (PreparedStatement statement = prepared(connection, INSERT_INPUTS, key)) {
                statement.setInt(3, firstIndex);
                statement.setInt(4, count);
                statement.setBytes(5, payloads);
                return statement.executeUpdate();
            }
        });
    }

    /**
     * All have come: the batch begins.
     *
     * @param endedAt when it ended, where it has no members; 0: it has
     */
    void finish(BatchKey key, UUID upload, int total, long endedAt) {
        database.transaction(connection -> {
            checkComing(connection, key, upload);
            try (PreparedStatement statement = connection.prepareStatement(FINISH)) {
                statement.setInt(1, total);
                statement.setLong(2, endedAt);
                statement.setString(3, key.tenant());
                statement.setObject(4, key.id());
                return statement.executeUpdate();
            }
        });
    }

    /** Forgets what has come of it, where that is of this try. */
    void abandon(BatchKey key, UUID upload) {
        database.transaction(connection -> {
            checkComing(connection, key, upload);
            delete(connection, key);
            return key;
        });
    }

    /** Forgets what dispatchers that died had begun before that time. */
    void sweep(long before) {
        database.transaction(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(ABANDONED)) {
                statement.setLong(1, before);
                try (ResultSet row = statement.executeQuery()) {
                    while (row.next()) {
                        delete(
                                connection,
                                new BatchKey(row.getString(1), row.getObject(2, UUID.class)));
                    }
                }
            }
            return before;
        });
    }

    private static void checkComing(Connection connection, BatchKey key, UUID upload)
            throws SQLException {
        try (PreparedStatement statement = prepared(connection, IS_COMING, key)) {
            statement.setObject(3, upload);
            try (ResultSet row = statement.executeQuery()) {
                if (!row.next()) {
                    throw new BatchRefusedException(
                            Reason.CONFLICT,
                            "another request brings the batch %s".formatted(key.id()));
                }
            }
        }
    }

    private static void delete(Connection connection, BatchKey key) throws SQLException {
        for (String sql : new String[] {DELETE_INPUTS, DELETE_TEMPLATES, DELETE}) {
            try (PreparedStatement statement = prepared(connection, sql, key)) {
                statement.executeUpdate();
            }
        }
    }

    private static PreparedStatement prepared(Connection connection, String sql, BatchKey key)
            throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        statement.setString(1, key.tenant());
        statement.setObject(2, key.id());
        return statement;
    }
}
