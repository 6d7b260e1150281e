package dev.athanor.api.internal.cluster;

import dev.athanor.api.LostException;
import dev.athanor.api.TooLargeException;
import dev.athanor.schemas.BlobAddress;
import dev.athanor.schemas.blob.BlobGoneException;
import dev.athanor.schemas.blob.BlobReader;
import dev.athanor.schemas.blob.BlobTooLargeException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Reads results that are too large for a record, with a consumer made for the first of them. */
final class ResultBlobs implements AutoCloseable {
    private static final Duration SILENCE = Duration.ofSeconds(10);

    private final KafkaClients kafka;
    private final String topic;
    private final long limit;
    private @Nullable BlobReader reader;

    /**
     * @param limit largest result, in bytes
     */
    ResultBlobs(KafkaClients kafka, String topic, long limit) {
        this.kafka = kafka;
        this.topic = topic;
        this.limit = limit;
    }

    byte[] read(BlobAddress address) {
        try {
            return reader().read(address);
        } catch (BlobGoneException e) {
            throw new LostException(
                    "the function ran, but its result is gone: " + e.getMessage(), e);
        } catch (BlobTooLargeException e) {
            throw new TooLargeException("the result cannot be read: " + e.getMessage(), e);
        }
    }

    private synchronized BlobReader reader() {
        if (reader == null) {
            reader = new BlobReader(kafka.blobConsumer(), topic, limit, SILENCE);
        }
        return reader;
    }

    @Override
    public synchronized void close() {
        if (reader != null) {
            reader.close();
        }
    }
}
