package dev.athanor.dispatcher.batch;

import dev.athanor.dispatcher.database.Database;
import dev.athanor.dispatcher.job.Job;
import dev.athanor.schemas.JobState;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Asks for batches that were begun, and notes what is asked of them. Safe for any number of
 * threads.
 */
final class BatchQueries {
    private static final String FIND =
            "SELECT "
                    + BatchRow.COLUMNS
                    + " FROM batches WHERE tenant = ? AND id = ? AND total IS NOT NULL";

    private static final String LIST =
            "SELECT "
                    + BatchRow.COLUMNS
                    + " FROM batches WHERE tenant = ? AND id < ? AND total IS NOT NULL"
                    + " ORDER BY id DESC LIMIT ?";

    /** The members by the states of their latest runs, which come after the others. */
    private static final String COUNT =
            """
            SELECT state, run = ? AS is_present, count(*) FROM (
                SELECT state, get_byte(uuid_send(id), 15) AS run,
                    substring(uuid_send(id) FROM 1 FOR 15) AS member,
                    lead(substring(uuid_send(id) FROM 1 FOR 15)) OVER (ORDER BY id) AS following
                FROM jobs WHERE tenant = ? AND id > ? AND id <= ?) AS runs
            WHERE following IS DISTINCT FROM member GROUP BY 1, 2
            """;

    /** The same where no member has run twice. */
    private static final String COUNT_FIRST =
            """
            SELECT state, ? = 0, count(*) FROM jobs
            WHERE tenant = ? AND id > ? AND id <= ? GROUP BY 1, 2
            """;

    private static final String CANCEL =
            """
            UPDATE batches SET cancelled_at = ?
            WHERE tenant = ? AND id = ? AND cancelled_at = 0 AND ended_at = 0
            """;

    private static final String RUN_AGAIN =
            """
            UPDATE batches SET run = run + 1, run_is_fed = false, ended_at = 0
            WHERE tenant = ? AND id = ? AND run = ? AND cancelled_at = 0
            """;

    private final Database database;

    BatchQueries(Database database) {
        this.database = database;
    }

    Optional<Batch> find(BatchKey key) {
        return database.transaction(connection -> find(connection, key));
    }

    private static Optional<Batch> find(Connection connection, BatchKey key) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(FIND)) {
            statement.setString(1, key.tenant());
            statement.setObject(2, key.id());
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? Optional.of(BatchRow.batch(row)) : Optional.empty();
            }
        }
    }

    /** The newest ones with lower ids. */
    List<Batch> list(String tenant, UUID before, int limit) {
        return database.transaction(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(LIST)) {
                statement.setString(1, tenant);
                statement.setObject(2, before);
                statement.setInt(3, limit);
                List<Batch> batches = new ArrayList<>();
                try (ResultSet row = statement.executeQuery()) {
                    while (row.next()) {
                        batches.add(BatchRow.batch(row));
                    }
                }
                return batches;
            }
        });
    }

    /** The batch, and how its members fare at one moment. */
    Optional<BatchProgress> progress(BatchKey key) {
        return database.transaction(connection -> {
            Optional<Batch> batch = find(connection, key);
            return batch.isPresent()
                    ? Optional.of(count(connection, key, batch.get()))
                    : Optional.empty();
        });
    }

    private static BatchProgress count(Connection connection, BatchKey key, Batch batch)
            throws SQLException {
        String sql = batch.run() == 0 ? COUNT_FIRST : COUNT;
        int running = 0;
        int done = 0;
        int failed = 0;
        int cancelled = 0;
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setInt(1, batch.run());
            statement.setString(2, key.tenant());
            statement.setObject(3, key.id());
            statement.setObject(4, MemberId.last(key.id()));
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    JobState state = JobState.valueOf(row.getString(1));
                    int count = row.getInt(3);
                    boolean awaitsRun = !batch.isRunFed() && !row.getBoolean(2) && Job.isEnd(state);
                    switch (state) {
                        case QUEUED, RETRYING, SCHEDULED, UNKNOWN -> {}
                        case BUILDING, STARTING, RUNNING -> running += count;
                        case SUCCEEDED -> done += count;
                        case FAILED, TIMED_OUT, EXPIRED, LOST -> failed += awaitsRun ? 0 : count;
                        case CANCELLED -> cancelled += awaitsRun ? 0 : count;
                    }
                }
            }
        }
        boolean isOver = batch.isCancelled() && batch.endedAt().isPresent();
        int rest = Math.max(0, batch.total() - running - done - failed - cancelled);
        return new BatchProgress(
                batch,
                isOver ? 0 : rest,
                running,
                done,
                failed,
                isOver ? cancelled + rest : cancelled);
    }

    /** Notes that no more of it is to run, unless it has ended. */
    boolean cancel(BatchKey key, long now) {
        return database.transaction(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(CANCEL)) {
                statement.setLong(1, now);
                statement.setString(2, key.tenant());
                statement.setObject(3, key.id());
                return statement.executeUpdate() == 1;
            }
        });
    }

    /** Notes that those that have failed are to run again, unless somebody was faster. */
    boolean runAgain(BatchKey key, int run) {
        return database.transaction(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(RUN_AGAIN)) {
                statement.setString(1, key.tenant());
                statement.setObject(2, key.id());
                statement.setInt(3, run);
                return statement.executeUpdate() == 1;
            }
        });
    }
}
