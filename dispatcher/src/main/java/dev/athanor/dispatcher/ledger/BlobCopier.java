package dev.athanor.dispatcher.ledger;

import dev.athanor.dispatcher.database.Database;
import dev.athanor.dispatcher.database.DatabaseException;
import dev.athanor.schemas.BlobAddress;
import dev.athanor.schemas.Digest;
import dev.athanor.schemas.Topics;
import dev.athanor.schemas.blob.BlobGoneException;
import dev.athanor.schemas.blob.BlobReader;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies results that are too large for a reply out of Kafka into the database, one at a time and
 * chunk by chunk, on one thread. The chunks of a result come into being in one transaction, with
 * the end of the need to copy it; any number of processes may do the same. What fails is tried
 * again for as long as the blob lies in Kafka.
 */
final class BlobCopier implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(BlobCopier.class);

    /** Others' copies, and those of before this process began, are found after this. */
    private static final Duration LOOK_EVERY = Duration.ofSeconds(10);

    private static final Duration READ_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration FIRST_BACKOFF = Duration.ofSeconds(5);
    private static final int MOST_DOUBLINGS = 8;
    private static final int MOST_TRIES = 100;

    private static final String NEXT =
            """
            SELECT tenant, id, expires_on::text, digest, size, partition, first_offset, last_offset, tries
            FROM result_copies WHERE next_try <= ? ORDER BY next_try LIMIT 1 FOR UPDATE SKIP LOCKED
            """;
    private static final String INSERT =
            "INSERT INTO result_chunks (tenant, id, expires_on, digest, index, content)"
                    + " VALUES (?, ?, ?::date, ?, ?, ?) ON CONFLICT DO NOTHING";
    private static final String DONE =
            "DELETE FROM result_copies"
                    + " WHERE tenant = ? AND id = ? AND digest = ? AND expires_on = ?::date";
    private static final String LATER =
            "UPDATE result_copies SET next_try = ?, tries = tries + 1"
                    + " WHERE tenant = ? AND id = ? AND digest = ? AND expires_on = ?::date";

    private record Copy(String tenant, UUID id, String expiresOn, BlobAddress address, int tries) {}

    private final Database database;
    private final Function<String, Consumer<byte[], byte[]>> consumers;
    private final InstantSource clock;
    private final Semaphore wake = new Semaphore(0);
    private volatile boolean stopped;

    /**
     * @param consumers makes a consumer without a group, for the blobs of a tenant
     */
    BlobCopier(
            Database database,
            Function<String, Consumer<byte[], byte[]>> consumers,
            InstantSource clock) {
        this.database = database;
        this.consumers = consumers;
        this.clock = clock;
    }

    /** There is something to copy. */
    void wake() {
        wake.release();
    }

    void stop() {
        stopped = true;
        wake.release();
    }

    @Override
    public void run() {
        while (!stopped) {
            try {
                while (!stopped && copiesOne()) {
                    LOG.debug("looks for further results to copy");
                }
            } catch (DatabaseException e) {
                LOG.warn("results are copied later: {}", e.toString());
            }
            try {
                boolean woken = wake.tryAcquire(LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS);
                LOG.trace("woken={}", woken);
                wake.drainPermits();
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    /** Copies a result that is due; false when none is. */
    private boolean copiesOne() {
        return database.transaction(connection -> {
            Optional<Copy> next = next(connection);
            if (next.isPresent() && isKept(next.get())) {
                copy(connection, next.get());
            } else if (next.isPresent()) {
                // Its day may have been dropped already, and then there is no place for it.
                done(connection, next.get());
            }
            return next.isPresent();
        });
    }

    private boolean isKept(Copy copy) {
        LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
        return !LocalDate.parse(copy.expiresOn()).isBefore(today);
    }

    private Optional<Copy> next(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(NEXT)) {
            statement.setLong(1, clock.millis());
            try (ResultSet row = statement.executeQuery()) {
                return row.next()
                        ? Optional.of(
                                new Copy(
                                        row.getString(1),
                                        row.getObject(2, UUID.class),
                                        row.getString(3),
                                        new BlobAddress(
                                                new Digest(row.getBytes(4)),
                                                row.getLong(5),
                                                row.getInt(6),
                                                row.getLong(7),
                                                row.getLong(8)),
                                        row.getInt(9)))
                        : Optional.empty();
            }
        }
    }

    private void copy(Connection connection, Copy copy) throws SQLException {
        Savepoint before = connection.setSavepoint();
        try (BlobReader reader = reader(copy.tenant());
                PreparedStatement insert = connection.prepareStatement(INSERT)) {
            reader.copy(copy.address(), (index, content) -> chunk(insert, copy, index, content));
            done(connection, copy);
        } catch (BlobGoneException | KafkaException e) {
            connection.rollback(before);
            failed(connection, copy, e);
        }
    }

    private BlobReader reader(String tenant) {
        return new BlobReader(
                consumers.apply(tenant), Topics.blobs(tenant), Long.MAX_VALUE, READ_TIMEOUT);
    }

    private static void chunk(PreparedStatement insert, Copy copy, int index, ByteBuffer content)
            throws SQLException {
        byte[] bytes = new byte[content.remaining()];
        content.duplicate().get(bytes);
        insert.setString(1, copy.tenant());
        insert.setObject(2, copy.id());
        insert.setString(3, copy.expiresOn());
        insert.setBytes(4, copy.address().getDigest().bytes());
        insert.setInt(5, index);
        insert.setBytes(6, bytes);
        insert.executeUpdate();
    }

    private static void done(Connection connection, Copy copy) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(DONE)) {
            name(statement, 1, copy);
            statement.executeUpdate();
        }
    }

    private void failed(Connection connection, Copy copy, RuntimeException e) throws SQLException {
        LOG.warn("id={} its result is not copied: {}", copy.id(), e.getMessage());
        if (copy.tries() >= MOST_TRIES) {
            done(connection, copy);
            return;
        }
        Duration backoff = FIRST_BACKOFF.multipliedBy(1L << Math.min(copy.tries(), MOST_DOUBLINGS));
        try (PreparedStatement statement = connection.prepareStatement(LATER)) {
            statement.setLong(1, clock.millis() + backoff.toMillis());
            name(statement, 2, copy);
            statement.executeUpdate();
        }
    }

    private static void name(PreparedStatement statement, int first, Copy copy)
            throws SQLException {
        statement.setString(first, copy.tenant());
        statement.setObject(first + 1, copy.id());
        statement.setBytes(first + 2, copy.address().getDigest().bytes());
        statement.setString(first + 3, copy.expiresOn());
    }
}
