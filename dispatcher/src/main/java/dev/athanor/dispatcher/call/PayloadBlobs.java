package dev.athanor.dispatcher.call;

import dev.athanor.schemas.BlobAddress;
import dev.athanor.schemas.Bytes;
import dev.athanor.schemas.Topics;
import dev.athanor.schemas.blob.BlobReader;
import dev.athanor.schemas.blob.BlobWriter;
import dev.athanor.schemas.blob.Blobs;
import dev.athanor.schemas.cluster.ClusterUnreachableException;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;

/** Blobs of tenants in Kafka, each tenant's own. Safe for any number of threads. */
public final class PayloadBlobs {
    private static final Duration READ_TIMEOUT = Duration.ofSeconds(10);

    private final Producer<byte[], byte[]> producer;
    private final Function<String, Consumer<byte[], byte[]>> consumers;

    /**
     * @param producer with {@code acks=all}; stays its giver's to close
     * @param consumers makes a consumer without a group, for the blobs of a tenant
     */
    public PayloadBlobs(
            Producer<byte[], byte[]> producer,
            Function<String, Consumer<byte[], byte[]>> consumers) {
        this.producer = producer;
        this.consumers = consumers;
    }

    /**
     * Puts bytes where the tenant's agents find them, for as long as Kafka keeps blobs.
     *
     * @throws dev.athanor.schemas.blob.BlobTooLargeException when they exceed 64 MiB
     * @throws ClusterUnreachableException when Kafka does not take them
     */
    public BlobAddress write(String tenant, byte[] bytes) throws InterruptedException {
        try {
            return new BlobWriter(producer, Topics.blobs(tenant), Blobs.DEFAULT_LIMIT).write(bytes);
        } catch (ExecutionException | KafkaException e) {
            throw new ClusterUnreachableException("Kafka does not take the blob", e);
        }
    }

    /**
     * Writes a blob out, with little of it in memory.
     *
     * @throws dev.athanor.schemas.blob.BlobGoneException when it is not there; some of it may have
     *     been written
     * @throws IOException when it cannot be written out
     */
    public void copy(String tenant, BlobAddress address, OutputStream out) throws IOException {
        try (BlobReader reader =
                new BlobReader(
                        consumers.apply(tenant),
                        Topics.blobs(tenant),
                        Long.MAX_VALUE,
                        READ_TIMEOUT)) {
            reader.<IOException>copy(address, (index, content) -> out.write(Bytes.copy(content)));
        }
    }
}
