package dev.athanor.dispatcher.batch;

import dev.athanor.dispatcher.database.Database;
import dev.athanor.schemas.JobState;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Asks the ledger for members of batches. Safe for any number of threads. */
final class MemberQueries {
    private static final String ENDS =
            "('SUCCEEDED', 'FAILED', 'TIMED_OUT', 'CANCELLED', 'EXPIRED', 'LOST')";

    /** Above the number of runs, so that a page has at least one member to its end. */
    private static final int PAGE = 2 * (MemberId.MOST_RUNS + 1);

    private static final String ROWS =
            """
            SELECT id, state, precedence, changed_at, agent, result_expires_at
            FROM jobs WHERE tenant = ? AND id > ? AND id <= ? ORDER BY id LIMIT ?
            """;

    private static final String LATEST =
            """
            SELECT latest.* FROM unnest(?::uuid[], ?::uuid[]) AS ranges (low, high)
            CROSS JOIN LATERAL (
                SELECT id, state, precedence, changed_at, agent, result_expires_at
                FROM jobs WHERE tenant = ? AND id > ranges.low AND id <= ranges.high
                ORDER BY id DESC LIMIT 1) AS latest
            """;

    private static final String FIRST_QUEUED =
            """
            SELECT min(created_at) FROM jobs
            WHERE tenant = ? AND id > ? AND id <= ? AND state = 'QUEUED'
            """;

    private static final String LAST =
            """
            SELECT id FROM jobs WHERE tenant = ? AND id > ? AND id <= ? ORDER BY id DESC LIMIT 1
            """;

    private static final String UNDER_WAY =
            "SELECT id FROM jobs WHERE tenant = ? AND id > ? AND id <= ? AND state NOT IN " + ENDS;

    private static final String ENDED =
            "SELECT id FROM jobs WHERE tenant = ? AND id = ANY (?) AND state IN " + ENDS;

    private final Database database;

    MemberQueries(Database database) {
        this.database = database;
    }

    /**
     * The members of a batch that the ledger has, each as its latest run.
     *
     * @param from the first index
     * @param limit how many at most
     */
    List<MemberRow> page(BatchKey key, int from, int limit) {
        List<MemberRow> members = new ArrayList<>();
        int next = from;
        List<MemberRow> rows;
        do {
            rows = rows(key, MemberId.before(key.id(), next), PAGE);
            for (int i = 0; i < rows.size() && members.size() < limit; i++) {
                MemberRow row = rows.get(i);
                // Earlier runs come before the latest. What a page cuts off is read again.
                boolean isLatest =
                        i + 1 < rows.size()
                                ? rows.get(i + 1).index() != row.index()
                                : rows.size() < PAGE;
                if (isLatest) {
                    members.add(row);
                    next = row.index() + 1;
                }
            }
        } while (rows.size() == PAGE && members.size() < limit);
        return members;
    }

    /** Those members that the ledger has, each as its latest run. */
    List<MemberRow> latest(BatchKey key, Collection<Integer> indexes) {
        if (indexes.isEmpty()) {
            return List.of();
        }
        return database.transaction(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(LATEST)) {
                Object[] low =
                        indexes.stream().map(each -> MemberId.before(key.id(), each)).toArray();
                Object[] high =
                        indexes.stream().map(each -> MemberId.before(key.id(), each + 1)).toArray();
                statement.setArray(1, connection.createArrayOf("uuid", low));
                statement.setArray(2, connection.createArrayOf("uuid", high));
                statement.setString(3, key.tenant());
                return read(statement);
            }
        });
    }

    private List<MemberRow> rows(BatchKey key, UUID after, int limit) {
        return database.transaction(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(ROWS)) {
                statement.setString(1, key.tenant());
                statement.setObject(2, after);
                statement.setObject(3, MemberId.last(key.id()));
                statement.setInt(4, limit);
                return read(statement);
            }
        });
    }

    private static List<MemberRow> read(PreparedStatement statement) throws SQLException {
        List<MemberRow> rows = new ArrayList<>();
        try (ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                rows.add(row(row));
            }
        }
        return rows;
    }

    private static MemberRow row(ResultSet row) throws SQLException {
        return new MemberRow(
                row.getObject("id", UUID.class),
                JobState.valueOf(row.getString("state")),
                row.getLong("precedence"),
                row.getLong("changed_at"),
                row.getString("agent"),
                row.getLong("result_expires_at"));
    }

    /** The largest index of which the ledger has something. */
    Optional<Integer> lastIndex(BatchKey key) {
        return ids(LAST, key).stream().findFirst().map(MemberId::index);
    }

    /** The members' runs that have not ended. */
    List<UUID> underWay(BatchKey key) {
        return ids(UNDER_WAY, key);
    }

    /** When the first of the members was made that wait; empty: none does. */
    Optional<Instant> firstQueued(BatchKey key) {
        return database.transaction(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(FIRST_QUEUED)) {
                statement.setString(1, key.tenant());
                statement.setObject(2, key.id());
                statement.setObject(3, MemberId.last(key.id()));
                try (ResultSet row = statement.executeQuery()) {
                    return row.next() && row.getObject(1) != null
                            ? Optional.of(Instant.ofEpochMilli(row.getLong(1)))
                            : Optional.empty();
                }
            }
        });
    }

    private List<UUID> ids(String sql, BatchKey key) {
        return database.transaction(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                statement.setString(1, key.tenant());
                statement.setObject(2, key.id());
                statement.setObject(3, MemberId.last(key.id()));
                List<UUID> ids = new ArrayList<>();
                try (ResultSet row = statement.executeQuery()) {
                    while (row.next()) {
                        ids.add(row.getObject(1, UUID.class));
                    }
                }
                return ids;
            }
        });
    }

    /** Which of a tenant's jobs have ended. */
    Set<UUID> ended(String tenant, Collection<UUID> ids) {
        return database.transaction(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(ENDED)) {
                statement.setString(1, tenant);
                statement.setArray(2, connection.createArrayOf("uuid", ids.toArray()));
                Set<UUID> ended = new HashSet<>();
                try (ResultSet row = statement.executeQuery()) {
                    while (row.next()) {
                        ended.add(row.getObject(1, UUID.class));
                    }
                }
                return ended;
            }
        });
    }
}
