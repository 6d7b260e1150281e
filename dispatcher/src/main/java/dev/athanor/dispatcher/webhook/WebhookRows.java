package dev.athanor.dispatcher.webhook;

import dev.athanor.dispatcher.database.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The tables of webhooks. Safe for any number of threads. */
final class WebhookRows {
    private static final String FIND =
            "SELECT url, state, next_at FROM webhooks WHERE tenant = ? AND id = ?";
    private static final String ATTEMPTS =
            "SELECT number, at, status, problem FROM webhook_attempts"
                    + " WHERE tenant = ? AND id = ? ORDER BY number";
    private static final String ADD_ATTEMPT =
            "INSERT INTO webhook_attempts (tenant, id, number, at, status, problem)"
                    + " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING";
    private static final String MOVE =
            "UPDATE webhooks SET state = ?, next_at = ? WHERE tenant = ? AND id = ?";
    private static final String FORGET = "DELETE FROM webhooks WHERE created_at < ?";
    private static final String MAKE_SECRET =
            "INSERT INTO webhook_secrets (tenant, secret, created_at) VALUES (?, ?, ?)"
                    + " ON CONFLICT DO NOTHING";
    private static final String RENEW_SECRET =
            "INSERT INTO webhook_secrets (tenant, secret, created_at) VALUES (?, ?, ?)"
                    + " ON CONFLICT (tenant) DO UPDATE SET (secret, created_at) ="
                    + " (excluded.secret, excluded.created_at)";
    private static final String SECRET = "SELECT secret FROM webhook_secrets WHERE tenant = ?";

    private final Database database;

    WebhookRows(Database database) {
        this.database = database;
    }

    Optional<Webhook> find(String tenant, UUID id) {
        return database.transaction(connection -> {
            List<Webhook.Attempt> attempts = attempts(connection, tenant, id);
            try (PreparedStatement statement = connection.prepareStatement(FIND)) {
                statement.setString(1, tenant);
                statement.setObject(2, id);
                try (ResultSet row = statement.executeQuery()) {
                    return row.next()
                            ? Optional.of(
                                    new Webhook(
                                            row.getString(1),
                                            Webhook.State.valueOf(row.getString(2)),
                                            attempts,
                                            Optional.of(row.getLong(3))
                                                    .filter(next -> next != 0)
                                                    .map(Instant::ofEpochMilli)))
                            : Optional.empty();
                }
            }
        });
    }

    private static List<Webhook.Attempt> attempts(Connection connection, String tenant, UUID id)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(ATTEMPTS)) {
            statement.setString(1, tenant);
            statement.setObject(2, id);
            List<Webhook.Attempt> attempts = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    attempts.add(
                            new Webhook.Attempt(
                                    row.getInt(1),
                                    Instant.ofEpochMilli(row.getLong(2)),
                                    Optional.of(row.getInt(3)).filter(status -> status != 0),
                                    Optional.of(row.getString(4))
                                            .filter(problem -> !problem.isEmpty())));
                }
            }
            return attempts;
        }
    }

    /** Notes a try, and what it led to. */
    void attempted(
            String tenant,
            UUID id,
            Webhook.Attempt attempt,
            Webhook.State state,
            Optional<Instant> nextAt) {
        database.transaction(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(ADD_ATTEMPT)) {
                statement.setString(1, tenant);
                statement.setObject(2, id);
                statement.setInt(3, attempt.number());
                statement.setLong(4, attempt.at().toEpochMilli());
                statement.setInt(5, attempt.status().orElse(0));
                statement.setString(6, attempt.problem().orElse(""));
                statement.executeUpdate();
            }
            try (PreparedStatement statement = connection.prepareStatement(MOVE)) {
                statement.setString(1, state.name());
                statement.setLong(2, nextAt.map(Instant::toEpochMilli).orElse(0L));
                statement.setString(3, tenant);
                statement.setObject(4, id);
                return statement.executeUpdate();
            }
        });
    }

    /** Forgets those of before that time. */
    void forget(Instant before) {
        database.transaction(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(FORGET)) {
                statement.setLong(1, before.toEpochMilli());
                return statement.executeUpdate();
            }
        });
    }

    /**
     * The tenant's secret.
     *
     * @param candidate what it is to be, where there is none
     */
    WebhookSecret secret(String tenant, byte[] candidate, Instant now) {
        return secret(MAKE_SECRET, tenant, candidate, now);
    }

    /** Gives the tenant another secret. */
    WebhookSecret renewSecret(String tenant, byte[] secret, Instant now) {
        return secret(RENEW_SECRET, tenant, secret, now);
    }

    private WebhookSecret secret(String sql, String tenant, byte[] secret, Instant now) {
        return database.transaction(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                statement.setString(1, tenant);
                statement.setBytes(2, secret);
                statement.setLong(3, now.toEpochMilli());
                statement.executeUpdate();
            }
            try (PreparedStatement statement = connection.prepareStatement(SECRET)) {
                statement.setString(1, tenant);
                try (ResultSet row = statement.executeQuery()) {
                    if (!row.next()) {
                        throw new SQLException("the secret of " + tenant + " was not kept");
                    }
                    return new WebhookSecret(row.getBytes(1));
                }
            }
        });
    }
}
