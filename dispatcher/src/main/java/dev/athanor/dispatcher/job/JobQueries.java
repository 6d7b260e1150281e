package dev.athanor.dispatcher.job;

import dev.athanor.dispatcher.database.Database;
import dev.athanor.dispatcher.ledger.JobKey;
import dev.athanor.schemas.Codec;
import dev.athanor.schemas.JobState;
import dev.athanor.schemas.Reply;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Asks the ledger's tables. Safe for any number of threads. */
final class JobQueries {
    private static final String FIND =
            """
            SELECT function, machine_type, state, attempt, created_at, changed_at, started_at, agent,
                failure_code, message, result_expires_at
            FROM jobs WHERE tenant = ? AND id = ?
            """;

    private static final String REPLY =
            """
            SELECT reply FROM jobs JOIN results USING (tenant, id, precedence, changed_at, agent)
            WHERE tenant = ? AND id = ? AND expires_at > ? LIMIT 1
            """;

    private static final String SUMMARY =
            "SELECT id, function, machine_type, state, attempt, created_at, changed_at, started_at, agent";

    private static final String ALL =
            SUMMARY + " FROM jobs WHERE tenant = ? AND id < ? ORDER BY id DESC LIMIT ?";

    private static final String OF_FUNCTION_IN_STATE =
            SUMMARY
                    + " FROM jobs WHERE tenant = ? AND function = ? AND state = ? AND id < ?"
                    + " ORDER BY id DESC LIMIT ?";

    private static final String IN_STATE =
            SUMMARY
                    + " FROM jobs WHERE tenant = ? AND state || '' = ? AND id < ? ORDER BY id DESC LIMIT ?";

    /** The newest in each state, and the newest of those: an index answers for each state. */
    private static final String OF_FUNCTION =
            "SELECT newest.* FROM unnest(?::text[]) AS states (name) CROSS JOIN LATERAL ("
                    + SUMMARY
                    + " FROM jobs WHERE tenant = ? AND function = ? AND state = states.name"
                    + " AND id < ? ORDER BY id DESC LIMIT ?) AS newest ORDER BY id DESC LIMIT ?";

    private static final String COUNT_QUEUED =
            """
            SELECT count(*) FROM (SELECT FROM jobs
                WHERE tenant = ? AND machine_type = ? AND state = 'QUEUED' LIMIT ?) AS queued
            """;

    /** Above every id. */
    private static final UUID END = new UUID(-1L, -1L);

    private final Database database;

    JobQueries(Database database) {
        this.database = database;
    }

    Optional<Job> find(JobKey key) {
        return database.transaction(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(FIND)) {
                statement.setString(1, key.tenant());
                statement.setObject(2, key.id());
                try (ResultSet row = statement.executeQuery()) {
                    return row.next() ? Optional.of(job(key.id(), row)) : Optional.empty();
                }
            }
        });
    }

    /**
     * The reply that counts, where it is still kept.
     *
     * @param now milliseconds since the epoch
     */
    Optional<Reply> reply(JobKey key, long now) {
        return database.transaction(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(REPLY)) {
                statement.setString(1, key.tenant());
                statement.setObject(2, key.id());
                statement.setLong(3, now);
                try (ResultSet row = statement.executeQuery()) {
                    return row.next()
                            ? Optional.of(Codec.current().decode(row.getBytes(1), Reply.class))
                            : Optional.empty();
                }
            }
        });
    }

    /** How many of a tenant's jobs wait for a machine type, and that many at most. */
    int countQueued(String tenant, String machineType, int most) {
        return database.transaction(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(COUNT_QUEUED)) {
                statement.setString(1, tenant);
                statement.setString(2, machineType);
                statement.setInt(3, most);
                try (ResultSet row = statement.executeQuery()) {
                    row.next();
                    return row.getInt(1);
                }
            }
        });
    }

    /**
     * The newest ones.
     *
     * @param before the id after which the list goes on; empty: it begins
     */
    List<JobSummary> list(String tenant, JobFilter filter, Optional<UUID> before, int limit) {
        return database.transaction(connection -> {
            try (PreparedStatement statement =
                    statement(connection, tenant, filter, before.orElse(END), limit)) {
                List<JobSummary> jobs = new ArrayList<>();
                try (ResultSet row = statement.executeQuery()) {
                    while (row.next()) {
                        jobs.add(summary(row));
                    }
                }
                return jobs;
            }
        });
    }

    private static PreparedStatement statement(
            Connection connection, String tenant, JobFilter filter, UUID before, int limit)
            throws SQLException {
        List<Object> parameters = new ArrayList<>();
        String sql;
        if (filter.function().isPresent() && filter.state().isEmpty()) {
            sql = OF_FUNCTION;
            Object[] states = List.of(JobState.values()).stream().map(Enum::name).toArray();
            parameters.add(connection.createArrayOf("text", states));
        } else if (filter.function().isPresent()) {
            sql = OF_FUNCTION_IN_STATE;
        } else {
            sql = filter.state().isPresent() ? IN_STATE : ALL;
        }
        parameters.add(tenant);
        filter.function().ifPresent(parameters::add);
        filter.state().map(Enum::name).ifPresent(parameters::add);
        parameters.add(before);
        parameters.add(limit);
        if (sql.equals(OF_FUNCTION)) {
            parameters.add(limit);
        }
        PreparedStatement statement = connection.prepareStatement(sql);
        for (int i = 0; i < parameters.size(); i++) {
            statement.setObject(i + 1, parameters.get(i));
        }
        return statement;
    }

    private static Job job(UUID id, ResultSet row) throws SQLException {
        return new Job(
                id.toString(),
                row.getString("function"),
                row.getString("machine_type"),
                JobState.valueOf(row.getString("state")),
                row.getInt("attempt"),
                Instant.ofEpochMilli(row.getLong("created_at")),
                Instant.ofEpochMilli(row.getLong("changed_at")),
                instant(row, "started_at"),
                agent(row),
                Optional.ofNullable(row.getString("failure_code")),
                row.getString("message"),
                instant(row, "result_expires_at"));
    }

    private static JobSummary summary(ResultSet row) throws SQLException {
        return new JobSummary(
                row.getObject("id", UUID.class).toString(),
                row.getString("function"),
                row.getString("machine_type"),
                JobState.valueOf(row.getString("state")),
                row.getInt("attempt"),
                Instant.ofEpochMilli(row.getLong("created_at")),
                Instant.ofEpochMilli(row.getLong("changed_at")),
                instant(row, "started_at"),
                agent(row));
    }

    private static Optional<Instant> instant(ResultSet row, String column) throws SQLException {
        long millis = row.getLong(column);
        return millis == 0 ? Optional.empty() : Optional.of(Instant.ofEpochMilli(millis));
    }

    private static Optional<String> agent(ResultSet row) throws SQLException {
        return Optional.of(row.getString("agent")).filter(name -> !name.isEmpty());
    }
}
