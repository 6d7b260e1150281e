package dev.athanor.dispatcher.batch;

import dev.athanor.dispatcher.database.Database;
import dev.athanor.schemas.Codec;
import dev.athanor.schemas.Invocation;
import dev.athanor.schemas.Payload;
import java.nio.ByteBuffer;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** What the feeder reads and notes of batches. Safe for any number of threads. */
final class BatchStore {
    private static final String UNDER_WAY =
            "SELECT tenant, "
                    + BatchRow.COLUMNS
                    + " FROM batches WHERE ended_at = 0 AND total IS NOT NULL ORDER BY tenant, id";

    private static final String TEMPLATE =
            """
            SELECT invocation FROM batch_templates
            WHERE tenant = ? AND batch = ? AND first_index <= ? ORDER BY first_index DESC LIMIT 1
            """;

    private static final String NEXT_TEMPLATE =
            """
            SELECT min(first_index) FROM batch_templates
            WHERE tenant = ? AND batch = ? AND first_index > ?
            """;

    private static final String INPUTS =
            """
            SELECT first_index, payloads FROM batch_inputs
            WHERE tenant = ? AND batch = ? AND first_index <= ? ORDER BY first_index DESC LIMIT 1
            """;

    /** Where a further run was asked for meanwhile, nothing is noted. */
    private static final String RUN_IS_FED =
            "UPDATE batches SET run_is_fed = true WHERE tenant = ? AND id = ? AND run = ?";

    private static final String END =
            """
            UPDATE batches SET ended_at = ?
            WHERE tenant = ? AND id = ? AND run = ? AND ended_at = 0
            """;

    private final Database database;

    BatchStore(Database database) {
        this.database = database;
    }

    /** Members' calls without arguments, from one index up to before another. */
    record Template(Invocation invocation, int from, int to) {
        boolean holds(int index) {
            return from <= index && index < to;
        }
    }

    /** Arguments of members one after the other. */
    record Inputs(int from, List<byte[]> payloads) {
        boolean holds(int index) {
            return from <= index && index < from + payloads.size();
        }

        Payload of(int index) {
            return Codec.current().decode(payloads.get(index - from), Payload.class);
        }
    }

    /** All batches that have something left to do. */
    Map<BatchKey, Batch> underWay() {
        return database.transaction(connection -> {
            Map<BatchKey, Batch> batches = new LinkedHashMap<>();
            try (PreparedStatement statement = connection.prepareStatement(UNDER_WAY);
                    ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    batches.put(
                            new BatchKey(row.getString("tenant"), row.getObject("id", UUID.class)),
                            BatchRow.batch(row));
                }
            }
            return batches;
        });
    }

    /** What the member is a call of. */
    Template template(BatchKey key, int index) {
        return database.transaction(connection -> {
            int to = Integer.MAX_VALUE;
            try (PreparedStatement statement = connection.prepareStatement(NEXT_TEMPLATE)) {
                set(statement, key, index);
                try (ResultSet row = statement.executeQuery()) {
                    if (row.next() && row.getObject(1) != null) {
                        to = row.getInt(1);
                    }
                }
            }
            try (PreparedStatement statement = connection.prepareStatement(TEMPLATE)) {
                set(statement, key, index);
                try (ResultSet row = statement.executeQuery()) {
                    check(row.next(), key, index);
                    return new Template(
                            Codec.current().decode(row.getBytes(1), Invocation.class), index, to);
                }
            }
        });
    }

    /** The member's arguments, with those that are kept beside them. */
    Inputs inputs(BatchKey key, int index) {
        return database.transaction(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(INPUTS)) {
                set(statement, key, index);
                try (ResultSet row = statement.executeQuery()) {
                    check(row.next(), key, index);
                    Inputs inputs = new Inputs(row.getInt(1), split(row.getBytes(2)));
                    check(inputs.holds(index), key, index);
                    return inputs;
                }
            }
        });
    }

    private static void check(boolean isThere, BatchKey key, int index) throws SQLException {
        if (!isThere) {
            throw new SQLException("input %d of %s is not there".formatted(index, key));
        }
    }

    private static void set(PreparedStatement statement, BatchKey key, int index)
            throws SQLException {
        statement.setString(1, key.tenant());
        statement.setObject(2, key.id());
        statement.setInt(3, index);
    }

    private static List<byte[]> split(byte[] row) {
        List<byte[]> payloads = new ArrayList<>();
        ByteBuffer left = ByteBuffer.wrap(row);
        while (left.hasRemaining()) {
            byte[] payload = new byte[left.getInt()];
            left.get(payload);
            payloads.add(payload);
        }
        return payloads;
    }

    /** All that a run is about are queued. */
    void runIsFed(BatchKey key, int run) {
        database.transaction(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(RUN_IS_FED)) {
                set(statement, key, run);
                return statement.executeUpdate();
            }
        });
    }

    /** Nothing is left to do after that run. */
    void end(BatchKey key, int run, long now) {
        database.transaction(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(END)) {
                statement.setLong(1, now);
                statement.setString(2, key.tenant());
                statement.setObject(3, key.id());
                statement.setInt(4, run);
                return statement.executeUpdate();
            }
        });
    }
}
