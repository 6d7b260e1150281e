package dev.athanor.dispatcher.ledger;

import dev.athanor.dispatcher.database.Database;
import dev.athanor.dispatcher.outbox.DueWebhook;
import dev.athanor.dispatcher.outbox.Outbox;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** The ledger's rows and offsets. Safe for any number of threads. */
final class LedgerStore {
    private static final String FIND_OFFSET =
            "SELECT next_offset FROM ledger_offsets WHERE topic = ? AND partition = ?";
    private static final String NEW_OFFSET =
            "INSERT INTO ledger_offsets VALUES (?, ?, 0) ON CONFLICT DO NOTHING";
    private static final String MOVE_OFFSET =
            "UPDATE ledger_offsets SET next_offset = ?"
                    + " WHERE topic = ? AND partition = ? AND next_offset = ?";

    /** The row that counts is JobRow's to say; this orders in the same way. */
    private static final String UPSERT =
            """
            INSERT INTO jobs AS old (tenant, id, function, machine_type, state, precedence, attempt,
                created_at, changed_at, agent, failure_code, message, result_expires_at, started_at,
                events)
            SELECT * FROM unnest(?::text[], ?::uuid[], ?::text[], ?::text[], ?::text[], ?::bigint[],
                ?::integer[], ?::bigint[], ?::bigint[], ?::text[], ?::text[], ?::text[], ?::bigint[],
                ?::bigint[], ?::bigint[])
            ON CONFLICT (tenant, id) DO UPDATE SET
                (function, machine_type, state, precedence, attempt,
                    created_at, changed_at, agent, failure_code, message, result_expires_at) =
                (SELECT function, machine_type, state, precedence, attempt,
                        created_at, changed_at, agent, failure_code, message, result_expires_at
                    FROM (VALUES
                        (old.function, old.machine_type, old.state, old.precedence, old.attempt,
                            old.created_at, old.changed_at, old.agent, old.failure_code, old.message,
                            old.result_expires_at),
                        (excluded.function, excluded.machine_type, excluded.state,
                            excluded.precedence, excluded.attempt, excluded.created_at,
                            excluded.changed_at, excluded.agent, excluded.failure_code,
                            excluded.message, excluded.result_expires_at))
                        AS rivals (function, machine_type, state, precedence, attempt,
                            created_at, changed_at, agent, failure_code, message,
                            result_expires_at)
                    ORDER BY precedence DESC, changed_at, agent DESC LIMIT 1),
                started_at = greatest(old.started_at, excluded.started_at),
                events = old.events + excluded.events
            """;

    private final Database database;

    LedgerStore(Database database) {
        this.database = database;
    }

    /** Where to go on reading. */
    Map<TopicPartition, Long> offsets(Collection<TopicPartition> partitions) {
        return database.transaction(connection -> {
            Map<TopicPartition, Long> offsets = new HashMap<>();
            for (TopicPartition partition : partitions) {
                offsets.put(partition, offset(connection, partition));
            }
            return offsets;
        });
    }

    private static long offset(Connection connection, TopicPartition partition)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(FIND_OFFSET)) {
            statement.setString(1, partition.topic());
            statement.setInt(2, partition.partition());
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next() ? rows.getLong(1) : 0;
            }
        }
    }

    /**
     * Writes rows, what events lead to beside them and how far was read in one transaction.
     *
     * @param rows of different jobs
     * @throws OutrunException when another process has read on: nothing was written
     * @throws dev.athanor.dispatcher.database.DatabaseException when it failed; whether anything
     *     was written is to be asked for
     */
    void apply(Collection<JobRow> rows, Consequences consequences, Collection<Progress> progress) {
        database.transaction(connection -> {
            for (Progress each : progress) {
                move(connection, each);
            }
            if (!rows.isEmpty()) {
                upsert(connection, rows);
            }
            if (!consequences.ends().isEmpty()) {
                ResultStore.insert(connection, consequences.ends());
            }
            Outbox.add(connection, consequences.waiting());
            DueWebhook.add(connection, consequences.webhooks());
            return rows.size();
        });
    }

    private static void move(Connection connection, Progress progress) throws SQLException {
        TopicPartition partition = progress.partition();
        try (PreparedStatement statement = connection.prepareStatement(NEW_OFFSET)) {
            statement.setString(1, partition.topic());
            statement.setInt(2, partition.partition());
            statement.executeUpdate();
        }
        try (PreparedStatement statement = connection.prepareStatement(MOVE_OFFSET)) {
            statement.setLong(1, progress.to());
            statement.setString(2, partition.topic());
            statement.setInt(3, partition.partition());
            statement.setLong(4, progress.from());
            if (statement.executeUpdate() != 1) {
                throw new OutrunException(partition);
            }
        }
    }

    private static void upsert(Connection connection, Collection<JobRow> unordered)
            throws SQLException {
        // All take their locks in one order, so that no two wait for each other.
        List<JobRow> rows =
                unordered.stream()
                        .sorted(
                                Comparator.comparing((JobRow row) -> row.key().tenant())
                                        .thenComparing(row -> row.key().id()))
                        .toList();
        try (PreparedStatement statement = connection.prepareStatement(UPSERT)) {
            int index = 1;
            for (Column column : COLUMNS) {
                Object[] values = rows.stream().map(column.value()).toArray();
                Array array = connection.createArrayOf(column.type(), values);
                statement.setArray(index++, array);
            }
            statement.executeUpdate();
        }
    }

    private record Column(String type, Function<JobRow, ? extends @Nullable Object> value) {}

    private static final List<Column> COLUMNS =
            List.of(
                    new Column("text", row -> row.key().tenant()),
                    new Column("uuid", row -> row.key().id()),
                    new Column("text", JobRow::function),
                    new Column("text", JobRow::machineType),
                    new Column("text", row -> row.state().name()),
                    new Column("bigint", JobRow::precedence),
                    new Column("integer", JobRow::attempt),
                    new Column("bigint", JobRow::createdAt),
                    new Column("bigint", JobRow::changedAt),
                    new Column("text", JobRow::agent),
                    new Column("text", row -> row.failureCode().orElse(null)),
                    new Column("text", JobRow::message),
                    new Column("bigint", JobRow::resultExpiresAt),
                    new Column("bigint", JobRow::startedAt),
                    new Column("bigint", JobRow::events));
}
