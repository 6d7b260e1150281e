package dev.athanor.dispatcher.outbox;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.UUID;

/**
 * An address that is to be told that a job has ended.
 *
 * @param tenant whose the job is
 * @param id of the job
 * @param since milliseconds since the epoch
 */
public record DueWebhook(String tenant, UUID id, String url, long since) {
    /** Names what is done when it is to be told; its instances are tenant and job. */
    public static final String TASK = "webhook";

    private static final String ADD =
            """
            INSERT INTO webhooks (tenant, id, url, state, created_at, next_at)
            VALUES (?, ?, ?, 'PENDING', ?, ?) ON CONFLICT DO NOTHING
            """;

    /**
     * Has the addresses told, once the caller's transaction is committed. A job that has several
     * ends tells of the first that is written down.
     */
    public static void add(Connection connection, Collection<DueWebhook> webhooks)
            throws SQLException {
        for (DueWebhook webhook : webhooks) {
            try (PreparedStatement statement = connection.prepareStatement(ADD)) {
                statement.setString(1, webhook.tenant());
                statement.setObject(2, webhook.id());
                statement.setString(3, webhook.url());
                statement.setLong(4, webhook.since());
                statement.setLong(5, webhook.since());
                if (statement.executeUpdate() == 0) {
                    continue;
                }
            }
            TaskRows.add(
                    connection,
                    TASK,
                    webhook.tenant() + "/" + webhook.id(),
                    Instant.ofEpochMilli(webhook.since()));
        }
    }
}
