package dev.athanor.dispatcher.ledger;

import dev.athanor.schemas.BlobAddress;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntFunction;

/** What ends of jobs leave to be read, as rows. Safe for any number of threads. */
final class ResultStore {
    private static final String INSERT =
            """
            INSERT INTO results (tenant, id, precedence, changed_at, agent, expires_at, expires_on, reply)
            SELECT tenant, id, precedence, changed_at, agent, expires_at, expires_on::date, reply
                FROM unnest(?::text[], ?::uuid[], ?::bigint[], ?::bigint[], ?::text[], ?::bigint[],
                    ?::text[], ?::bytea[])
                AS ends (tenant, id, precedence, changed_at, agent, expires_at, expires_on, reply)
            ON CONFLICT DO NOTHING
            """;

    private static final String COPY_LATER =
            """
            INSERT INTO result_copies
                (tenant, id, expires_on, digest, size, partition, first_offset, last_offset)
            VALUES (?, ?, ?::date, ?, ?, ?, ?, ?)
            ON CONFLICT DO NOTHING
            """;

    private record Column(String type, Function<JobEnd, Object> value) {
        /** The driver takes bytes by the class of their array. */
        IntFunction<Object[]> array() {
            return type.equals("bytea") ? byte[][]::new : Object[]::new;
        }
    }

    private static final List<Column> COLUMNS =
            List.of(
                    new Column("text", end -> end.key().tenant()),
                    new Column("uuid", end -> end.key().id()),
                    new Column("bigint", JobEnd::precedence),
                    new Column("bigint", JobEnd::changedAt),
                    new Column("text", JobEnd::agent),
                    new Column("bigint", JobEnd::expiresAt),
                    new Column("text", end -> ResultPartitions.day(end.expiresAt()).toString()),
                    new Column("bytea", JobEnd::reply));

    private ResultStore() {}

    /** Keeps the ends, and notes which blobs are to be copied. */
    static void insert(Connection connection, Collection<JobEnd> ends) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(INSERT)) {
            int index = 1;
            for (Column column : COLUMNS) {
                Object[] values = ends.stream().map(column.value()).toArray(column.array());
                statement.setArray(index++, connection.createArrayOf(column.type(), values));
            }
            statement.executeUpdate();
        }
        try (PreparedStatement statement = connection.prepareStatement(COPY_LATER)) {
            boolean hasBlobs = false;
            for (JobEnd end : ends) {
                if (end.blob().isPresent()) {
                    set(statement, end, end.blob().get());
                    statement.addBatch();
                    hasBlobs = true;
                }
            }
            if (hasBlobs) {
                statement.executeBatch();
            }
        }
    }

    private static void set(PreparedStatement statement, JobEnd end, BlobAddress address)
            throws SQLException {
        statement.setString(1, end.key().tenant());
        statement.setObject(2, end.key().id());
        statement.setString(3, ResultPartitions.day(end.expiresAt()).toString());
        statement.setBytes(4, address.getDigest().bytes());
        statement.setLong(5, address.getSize());
        statement.setInt(6, address.getPartition());
        statement.setLong(7, address.getFirstOffset());
        statement.setLong(8, address.getLastOffset());
    }
}
