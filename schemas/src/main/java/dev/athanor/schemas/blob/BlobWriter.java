package dev.athanor.schemas.blob;

import dev.athanor.schemas.BlobAddress;
import dev.athanor.schemas.BlobChunk;
import dev.athanor.schemas.Codec;
import dev.athanor.schemas.Digest;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;

/**
 * Writes blobs to a tenant's topic. Safe for any number of threads. The producer stays its giver's
 * to close and must be one with {@code acks=all}.
 */
public final class BlobWriter {
    private final Producer<byte[], byte[]> producer;
    private final String topic;
    private final long limit;

    /**
     * @param topic the tenant's blob topic
     * @param limit largest blob in bytes, at least 1
     */
    public BlobWriter(Producer<byte[], byte[]> producer, String topic, long limit) {
        this.producer = producer;
        this.topic = topic;
        this.limit = limit;
    }

    /**
     * Writes the chunks and waits until all are durable; memory beyond the bytes given is bounded
     * by the producer's buffer.
     *
     * @throws BlobTooLargeException when the bytes exceed the limit; nothing was sent
     * @throws ExecutionException when the broker refused a chunk
     */
    public BlobAddress write(byte[] bytes) throws InterruptedException, ExecutionException {
        if (bytes.length > limit) {
            throw new BlobTooLargeException(bytes.length, limit);
        }
        Digest digest = Blobs.digest(bytes);
        int count = Math.max(1, (bytes.length + Blobs.CHUNK_BYTES - 1) / Blobs.CHUNK_BYTES);
        int partition =
                Math.floorMod(
                        ByteBuffer.wrap(digest.bytes()).getInt(),
                        producer.partitionsFor(topic).size());
        List<Future<RecordMetadata>> chunks = new ArrayList<>(count);
        for (int index = 0; index < count; index++) {
            int from = index * Blobs.CHUNK_BYTES;
            int length = Math.min(Blobs.CHUNK_BYTES, bytes.length - from);
            BlobChunk chunk =
                    new BlobChunk(digest, index, count, ByteBuffer.wrap(bytes, from, length));
            chunks.add(
                    producer.send(
                            new ProducerRecord<>(
                                    topic,
                                    partition,
                                    Blobs.key(digest, index),
                                    Codec.current().encode(chunk))));
        }
        long first = chunks.get(0).get().offset();
        long last = chunks.get(count - 1).get().offset();
        for (Future<RecordMetadata> chunk : chunks) {
            chunk.get();
        }
        return new BlobAddress(digest, (long) bytes.length, partition, first, last);
    }
}
