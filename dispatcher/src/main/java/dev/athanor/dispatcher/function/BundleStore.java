package dev.athanor.dispatcher.function;

import dev.athanor.dispatcher.call.PayloadBlobs;
import dev.athanor.dispatcher.database.Database;
import dev.athanor.dispatcher.database.DatabaseException;
import dev.athanor.dispatcher.job.JobsUnavailableException;
import dev.athanor.schemas.BlobAddress;
import dev.athanor.schemas.Digest;
import dev.athanor.schemas.blob.Blobs;
import java.io.ByteArrayOutputStream;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The code of registered functions: kept in the database, and put into the tenant's blobs in Kafka,
 * where agents fetch it, again and again, since what lies there is forgotten. Safe for any number
 * of threads and processes.
 */
final class BundleStore {
    private static final Logger LOG = LoggerFactory.getLogger(BundleStore.class);

    /** Kafka keeps blobs for 8 days, and a call may stand in its queue for 7 of them. */
    private static final Duration PLACED_FOR = Duration.ofHours(12);

    /** So long may pass between a bundle and the version that needs it. */
    private static final Duration UNUSED_FOR = Duration.ofDays(1);

    private static final int CHUNK = 512 * 1024;

    /** Bundles that are being put into Kafka are in memory as a whole. */
    private static final int MOST_AT_ONCE = 2;

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final String TOUCH =
            "UPDATE bundles SET seen_at = ? WHERE tenant = ? AND digest = ?";
    private static final String SIZE = "SELECT size FROM bundles WHERE tenant = ? AND digest = ?";
    private static final String INSERT =
            "INSERT INTO bundles (tenant, digest, size, seen_at) VALUES (?, ?, ?, ?)"
                    + " ON CONFLICT DO NOTHING";
    private static final String INSERT_CHUNK =
            "INSERT INTO bundle_chunks (tenant, digest, index, content) VALUES (?, ?, ?, ?)";
    private static final String FIND_PLACE =
            """
            SELECT size, partition, first_offset, last_offset FROM bundles
            WHERE tenant = ? AND digest = ? AND placed_at > ?
            """;
    private static final String READ_CHUNK =
            "SELECT content FROM bundle_chunks WHERE tenant = ? AND digest = ? AND index = ?";
    private static final String PLACE =
            """
            UPDATE bundles SET placed_at = ?, partition = ?, first_offset = ?, last_offset = ?
            WHERE tenant = ? AND digest = ?
            """;
    private static final String FORGET =
            """
            DELETE FROM bundles b WHERE tenant = ? AND seen_at < ? AND NOT EXISTS (
                SELECT FROM version_bundles v WHERE v.tenant = b.tenant AND v.digest = b.digest)
            """;

    private final Database database;
    private final PayloadBlobs blobs;
    private final InstantSource clock;
    private final Semaphore room = new Semaphore(MOST_AT_ONCE);

    BundleStore(Database database, PayloadBlobs blobs, InstantSource clock) {
        this.database = database;
        this.blobs = blobs;
        this.clock = clock;
    }

    /**
     * Keeps a bundle.
     *
     * @throws FunctionException when the bytes have another digest
     */
    void keep(String tenant, String digest, byte[] bytes) {
        byte[] expected = HexFormat.of().parseHex(digest);
        if (!Arrays.equals(Blobs.digest(bytes).bytes(), expected)) {
            throw FunctionException.invalid("the bytes do not have the SHA-256 " + digest);
        }
        long now = clock.millis();
        int _ =
                database.transaction(connection -> {
                    if (Sql.update(connection, INSERT, tenant, expected, (long) bytes.length, now)
                            == 0) {
                        return Sql.update(connection, TOUCH, now, tenant, expected);
                    }
                    int index = 0;
                    for (int from = 0; from < bytes.length; from += CHUNK) {
                        byte[] chunk =
                                Arrays.copyOfRange(
                                        bytes, from, Math.min(from + CHUNK, bytes.length));
                        Sql.update(connection, INSERT_CHUNK, tenant, expected, index, chunk);
                        index++;
                    }
                    return index;
                });
    }

    /** The size of a bundle in bytes, which stays for a day from now on; empty: it is not here. */
    OptionalLong size(String tenant, String digest) {
        byte[] bytes = HexFormat.of().parseHex(digest);
        long now = clock.millis();
        List<Long> sizes =
                database.transaction(connection -> {
                    Sql.update(connection, TOUCH, now, tenant, bytes);
                    return Sql.query(connection, row -> row.getLong(1), SIZE, tenant, bytes);
                });
        return sizes.isEmpty() ? OptionalLong.empty() : OptionalLong.of(sizes.getFirst());
    }

    /** Where agents find a bundle for as long as a call may wait for them. */
    BlobAddress place(String tenant, String digest) throws InterruptedException {
        byte[] bytes = HexFormat.of().parseHex(digest);
        Optional<BlobAddress> known = known(tenant, bytes);
        if (known.isPresent()) {
            return known.get();
        }
        if (!room.tryAcquire(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            throw new JobsUnavailableException("other functions' code is being sent: ask again");
        }
        try {
            Optional<BlobAddress> meanwhile = known(tenant, bytes);
            return meanwhile.isPresent() ? meanwhile.get() : placed(tenant, bytes);
        } finally {
            room.release();
        }
    }

    private Optional<BlobAddress> known(String tenant, byte[] digest) {
        long oldest = clock.millis() - PLACED_FOR.toMillis();
        return database
                .transaction(connection ->
                        Sql.query(
                                connection,
                                row -> address(row, digest),
                                FIND_PLACE,
                                tenant,
                                digest,
                                oldest))
                .stream()
                .findFirst();
    }

    private static BlobAddress address(ResultSet row, byte[] digest) throws SQLException {
        return new BlobAddress(
                new Digest(digest), row.getLong(1), row.getInt(2), row.getLong(3), row.getLong(4));
    }

    /** The time is from before it is written: what lies in Kafka is never older than it says. */
    private BlobAddress placed(String tenant, byte[] digest) throws InterruptedException {
        long now = clock.millis();
        byte[] content = database.transaction(connection -> content(connection, tenant, digest));
        if (!Arrays.equals(Blobs.digest(content).bytes(), digest)) {
            throw FunctionException.notFound(
                    "the function's code is gone: it was deleted in this moment");
        }
        BlobAddress address = blobs.write(tenant, content);
        int _ =
                database.transaction(connection ->
                        Sql.update(
                                connection,
                                PLACE,
                                now,
                                address.getPartition(),
                                address.getFirstOffset(),
                                address.getLastOffset(),
                                tenant,
                                digest));
        return address;
    }

    private static byte[] content(Connection connection, String tenant, byte[] digest)
            throws SQLException {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        List<byte[]> chunk;
        int index = 0;
        do {
            chunk =
                    Sql.query(
                            connection, row -> row.getBytes(1), READ_CHUNK, tenant, digest, index);
            chunk.forEach(content::writeBytes);
            index++;
        } while (!chunk.isEmpty());
        return content.toByteArray();
    }

    /**
     * Forgets a tenant's bundles that no version needs. What needs one that is being forgotten
     * waits.
     */
    void forgetUnused(String tenant) {
        long oldest = clock.millis() - UNUSED_FOR.toMillis();
        try {
            int forgotten =
                    database.transaction(
                            connection -> Sql.update(connection, FORGET, tenant, oldest));
            LOG.debug("tenant={} forgotten={}", tenant, forgotten);
        } catch (DatabaseException e) {
            LOG.warn("tenant={} keeps code that nobody needs: {}", tenant, e.toString());
        }
    }
}
