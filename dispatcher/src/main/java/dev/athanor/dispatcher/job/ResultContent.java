package dev.athanor.dispatcher.job;

import dev.athanor.dispatcher.database.Database;
import dev.athanor.dispatcher.ledger.JobKey;
import dev.athanor.schemas.BlobAddress;
import dev.athanor.schemas.Bytes;
import dev.athanor.schemas.Topics;
import dev.athanor.schemas.blob.BlobReader;
import java.io.IOException;
import java.io.OutputStream;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.Consumer;

/**
 * Reads results that are too large for a reply, with one chunk of them in memory. Safe for any
 * number of threads.
 */
final class ResultContent {
    private static final Duration READ_TIMEOUT = Duration.ofSeconds(10);

    private static final String CHUNK =
            """
            SELECT content FROM result_chunks WHERE tenant = ? AND id = ? AND digest = ? AND index = ?
            ORDER BY expires_on DESC LIMIT 1
            """;

    private final Database database;
    private final Function<String, Consumer<byte[], byte[]>> blobs;

    /**
     * @param blobs makes a consumer without a group, for the blobs of a tenant
     */
    ResultContent(Database database, Function<String, Consumer<byte[], byte[]>> blobs) {
        this.database = database;
        this.blobs = blobs;
    }

    /**
     * Writes a result out, from Kafka where it is not yet copied. No connection is held while the
     * reader takes his time.
     *
     * @throws dev.athanor.schemas.blob.BlobGoneException when it is nowhere; it may have been
     *     written in part
     */
    void write(JobKey job, BlobAddress address, OutputStream out) throws IOException {
        Optional<byte[]> first = chunk(job, address, 0);
        if (first.isEmpty()) {
            copy(job.tenant(), address, out);
            return;
        }
        long left = address.getSize();
        Optional<byte[]> next = first;
        for (int index = 1; next.isPresent(); index++) {
            out.write(next.get());
            left -= next.get().length;
            next = left > 0 ? chunk(job, address, index) : Optional.empty();
        }
        if (left != 0) {
            throw new JobsUnavailableException("the result's chunks are not all there");
        }
    }

    private void copy(String tenant, BlobAddress address, OutputStream out) throws IOException {
        try (BlobReader reader =
                new BlobReader(
                        blobs.apply(tenant), Topics.blobs(tenant), Long.MAX_VALUE, READ_TIMEOUT)) {
            reader.<IOException>copy(address, (index, content) -> out.write(Bytes.copy(content)));
        }
    }

    private Optional<byte[]> chunk(JobKey job, BlobAddress address, int index) {
        return database.transaction(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(CHUNK)) {
                statement.setString(1, job.tenant());
                statement.setObject(2, job.id());
                statement.setBytes(3, address.getDigest().bytes());
                statement.setInt(4, index);
                try (ResultSet row = statement.executeQuery()) {
                    return row.next() ? Optional.of(row.getBytes(1)) : Optional.empty();
                }
            }
        });
    }
}
