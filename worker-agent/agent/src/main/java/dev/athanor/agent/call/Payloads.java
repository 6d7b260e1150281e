package dev.athanor.agent.call;

import dev.athanor.schemas.BlobAddress;
import dev.athanor.schemas.Payload;
import dev.athanor.schemas.PayloadCodec;
import dev.athanor.schemas.Topics;
import dev.athanor.schemas.blob.BlobReader;
import dev.athanor.schemas.blob.BlobWriter;
import dev.athanor.schemas.blob.Blobs;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;

/**
 * Payloads' bytes, inline or by way of the tenant's blobs. Safe for any number of threads; readers
 * of one tenant take turns.
 */
public final class Payloads implements AutoCloseable {
    private static final Duration READ_TIMEOUT = Duration.ofSeconds(10);

    private final Producer<byte[], byte[]> producer;
    private final Function<String, Consumer<byte[], byte[]>> consumers;
    private final long limit;
    private final Map<String, BlobReader> readers = new ConcurrentHashMap<>();

    /**
     * @param producer stays its giver's to close
     * @param consumers makes a consumer without a group, for a tenant
     * @param limit largest payload in bytes
     */
    public Payloads(
            Producer<byte[], byte[]> producer,
            Function<String, Consumer<byte[], byte[]>> consumers,
            long limit) {
        this.producer = producer;
        this.consumers = consumers;
        this.limit = limit;
    }

    /** Whether the bytes are in the record itself. */
    static boolean isInline(Payload payload) {
        return payload.getBlob() == null;
    }

    /**
     * The payload's bytes.
     *
     * @throws dev.athanor.schemas.blob.BlobGoneException when they lie in a blob that is gone
     * @throws dev.athanor.schemas.blob.BlobTooLargeException when they claim to exceed the limit
     */
    public byte[] bytes(String tenant, Payload payload) {
        if (payload.getBlob() != null) {
            return blob(tenant, payload.getBlob());
        }
        ByteBuffer content = payload.getContent().duplicate();
        byte[] bytes = new byte[content.remaining()];
        content.get(bytes);
        return bytes;
    }

    /** As {@link #bytes}, of a blob. */
    byte[] blob(String tenant, BlobAddress address) {
        return readers.computeIfAbsent(tenant, this::reader).read(address);
    }

    /** How a sandbox names a codec that is known. */
    public static byte code(PayloadCodec codec) {
        return switch (codec) {
            case JAVA -> dev.athanor.runtime.protocol.PayloadCodec.JAVA;
            case JSON -> dev.athanor.runtime.protocol.PayloadCodec.JSON;
            case PICKLE -> dev.athanor.runtime.protocol.PayloadCodec.PICKLE;
            case UNKNOWN -> throw new IllegalArgumentException("a codec of a newer release");
        };
    }

    /**
     * A payload of the bytes, which go to a blob when they are too large for a record.
     *
     * @throws PayloadLostException when Kafka refuses them
     */
    public Payload payload(String tenant, PayloadCodec codec, byte[] bytes)
            throws InterruptedException {
        return bytes.length <= Blobs.INLINE_LIMIT
                ? new Payload(codec, ByteBuffer.wrap(bytes), null)
                : new Payload(codec, ByteBuffer.allocate(0), upload(tenant, bytes));
    }

    /**
     * Puts bytes into a blob.
     *
     * @throws PayloadLostException when Kafka refuses them
     */
    public BlobAddress upload(String tenant, byte[] bytes) throws InterruptedException {
        try {
            return new BlobWriter(producer, Topics.blobs(tenant), limit).write(bytes);
        } catch (ExecutionException e) {
            throw new PayloadLostException(
                    "Kafka did not take %,d bytes: %s".formatted(bytes.length, e.getMessage()), e);
        }
    }

    private BlobReader reader(String tenant) {
        return new BlobReader(consumers.apply(tenant), Topics.blobs(tenant), limit, READ_TIMEOUT);
    }

    @Override
    public void close() {
        readers.values().forEach(BlobReader::close);
    }
}
