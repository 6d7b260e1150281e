package dev.athanor.dispatcher.job;

import dev.athanor.dispatcher.database.Database;
import dev.athanor.dispatcher.ledger.JobKey;
import dev.athanor.schemas.Codec;
import dev.athanor.schemas.InvocationEnvelope;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.UUID;

/**
 * Which jobs were submitted under which keys within a day. Any number of processes may do the same
 * at once. Every method throws {@link dev.athanor.dispatcher.database.DatabaseException} when the
 * database does not answer.
 */
final class IdempotencyKeys {
    static final Duration KEPT = Duration.ofHours(24);

    /** Longer than producing may take, so that no two do so at once. */
    static final Duration CLAIM = Duration.ofSeconds(90);

    /** More are forgotten than are made, so that they never pile up. */
    private static final String FORGET_OLD =
            """
            DELETE FROM idempotency_keys WHERE (tenant, key) IN (
                SELECT tenant, key FROM idempotency_keys WHERE created_at <= ?
                ORDER BY created_at LIMIT 10 FOR UPDATE SKIP LOCKED)
            """;

    private static final String INSERT =
            """
            INSERT INTO idempotency_keys AS kept
                (tenant, key, body, id, created_at, claimed_until, envelope)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (tenant, key) DO UPDATE SET body = excluded.body, id = excluded.id,
                created_at = excluded.created_at, claimed_until = excluded.claimed_until,
                envelope = excluded.envelope
            WHERE kept.created_at <= ?
            """;

    private static final String FIND =
            """
            SELECT id, body = ? AS same, claimed_until, envelope FROM idempotency_keys
            WHERE tenant = ? AND key = ? FOR UPDATE
            """;

    private static final String WHERE = " WHERE tenant = ? AND key = ? AND id = ?";
    private static final String CLAIM_UNTIL =
            "UPDATE idempotency_keys SET claimed_until = ?" + WHERE;
    private static final String DURABLE = "UPDATE idempotency_keys SET envelope = NULL" + WHERE;
    private static final String FORGET = "DELETE FROM idempotency_keys" + WHERE;

    private final Database database;
    private final InstantSource clock;

    IdempotencyKeys(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    /**
     * Claims a key for a submission, unless it has one already.
     *
     * @param body digest of what the job is
     * @param envelope encoded, to be produced
     */
    KeyClaim claim(JobKey job, byte[] key, byte[] body, byte[] envelope) {
        long now = clock.millis();
        long old = now - KEPT.toMillis();
        // By itself, since two that delete and then wait for each other's row would do so for ever.
        write(FORGET_OLD, old);
        return database.transaction(connection -> {
            long until = now + CLAIM.toMillis();
            int made =
                    update(
                            connection,
                            INSERT,
                            job.tenant(),
                            key,
                            body,
                            job.id(),
                            now,
                            until,
                            envelope,
                            old);
            return made > 0
                    ? new KeyClaim.First()
                    : existing(connection, job.tenant(), key, body, now);
        });
    }

    private static KeyClaim existing(
            Connection connection, String tenant, byte[] key, byte[] body, long now)
            throws SQLException {
        UUID id;
        byte[] envelope;
        try (PreparedStatement statement = connection.prepareStatement(FIND)) {
            set(statement, body, tenant, key);
            try (ResultSet row = statement.executeQuery()) {
                if (!row.next()) {
                    // It was taken back in this moment.
                    return new KeyClaim.UnderWay();
                }
                if (!row.getBoolean("same")) {
                    return new KeyClaim.Reused();
                }
                id = row.getObject("id", UUID.class);
                envelope = row.getBytes("envelope");
                if (envelope == null) {
                    return new KeyClaim.Made(id);
                }
                if (row.getLong("claimed_until") > now) {
                    return new KeyClaim.UnderWay();
                }
            }
        }
        update(connection, CLAIM_UNTIL, now + CLAIM.toMillis(), tenant, key, id);
        return new KeyClaim.Unfinished(
                id, Codec.current().decode(envelope, InvocationEnvelope.class));
    }

    /** To be called once the job is durable. */
    void durable(JobKey job, byte[] key) {
        write(DURABLE, job.tenant(), key, job.id());
    }

    /** Lets others try: whether the job is durable is not known. */
    void release(JobKey job, byte[] key) {
        write(CLAIM_UNTIL, 0L, job.tenant(), key, job.id());
    }

    /** Gives the key back: the job is not durable, and never will be. */
    void forget(JobKey job, byte[] key) {
        write(FORGET, job.tenant(), key, job.id());
    }

    private void write(String sql, Object... values) {
        int _ = database.transaction(connection -> update(connection, sql, values));
    }

    private static int update(Connection connection, String sql, Object... values)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            set(statement, values);
            return statement.executeUpdate();
        }
    }

    private static void set(PreparedStatement statement, Object... values) throws SQLException {
        for (int i = 0; i < values.length; i++) {
            statement.setObject(i + 1, values[i]);
        }
    }
}
