package dev.athanor.schemas.blob;

import dev.athanor.schemas.BlobAddress;
import dev.athanor.schemas.BlobChunk;
import dev.athanor.schemas.Codec;
import dev.athanor.schemas.UndecodableException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * Reads blobs of one tenant. Safe for any number of threads: they take turns at its one consumer.
 */
public final class BlobReader implements AutoCloseable {
    private final Consumer<byte[], byte[]> consumer;
    private final String topic;
    private final long limit;
    private final Duration timeout;

    /**
     * @param consumer without a group, auto reset {@code none}; closed with this
     * @param topic the tenant's blob topic
     * @param limit largest blob in bytes; a larger one is refused before it is read
     * @param timeout longest silence of the broker while a blob is read
     */
    public BlobReader(
            Consumer<byte[], byte[]> consumer, String topic, long limit, Duration timeout) {
        this.consumer = consumer;
        this.topic = topic;
        this.limit = limit;
        this.timeout = timeout;
    }

    /**
     * The blob's bytes, checked against the digest.
     *
     * @throws BlobGoneException when it has expired, was never there, or cannot be read in time
     * @throws BlobTooLargeException when the address claims more than the limit
     */
    public byte[] read(BlobAddress address) {
        Whole whole = new Whole((int) Math.min(address.getSize(), Integer.MAX_VALUE));
        copy(address, whole);
        return whole.bytes.array();
    }

    /** Takes up memory once there is a first chunk, which an address alone does not show. */
    private static final class Whole implements Sink<RuntimeException> {
        private final int size;
        private ByteBuffer bytes = ByteBuffer.allocate(0);

        Whole(int size) {
            this.size = size;
        }

        @Override
        public void chunk(int index, ByteBuffer content) {
            if (index == 0) {
                bytes = ByteBuffer.allocate(size);
            }
            bytes.put(content);
        }
    }

    /** Takes the chunks of a blob in their order. */
    @FunctionalInterface
    public interface Sink<X extends Exception> {
        /**
         * Takes one chunk.
         *
         * @param index from 0
         * @param content for the time of the call
         */
        void chunk(int index, ByteBuffer content) throws X;
    }

    /**
     * Hands over the blob chunk by chunk, with no more than one of them in memory beyond what the
     * consumer has fetched. Only when this returns is it known that the digest is right: what the
     * sink did before counts for nothing when this throws.
     *
     * @throws BlobGoneException as {@link #read}
     * @throws BlobTooLargeException as {@link #read}
     */
    public synchronized <X extends Exception> void copy(BlobAddress address, Sink<X> sink)
            throws X {
        checkSize(address);
        TopicPartition partition = new TopicPartition(topic, address.getPartition());
        MessageDigest digest = Blobs.sha256();
        try {
            checkPlace(partition, address);
            consumer.assign(List.of(partition));
            consumer.seek(partition, address.getFirstOffset());
            collect(
                    address,
                    (index, content) -> {
                        digest.update(content.duplicate());
                        sink.chunk(index, content);
                    });
        } catch (KafkaException | IllegalArgumentException e) {
            throw new BlobGoneException(
                    "no blob at %s, offset %d: %s"
                            .formatted(partition, address.getFirstOffset(), e.getMessage()));
        }
        if (!Arrays.equals(digest.digest(), address.getDigest().bytes())) {
            throw new BlobGoneException("the blob's bytes do not have its digest");
        }
    }

    private void checkSize(BlobAddress address) {
        if (address.getSize() > limit || address.getSize() < 0) {
            throw new BlobTooLargeException(address.getSize(), limit);
        }
    }

    /** Waiting for what cannot come would let one address keep all readers waiting. */
    private void checkPlace(TopicPartition partition, BlobAddress address) {
        int partitions = consumer.partitionsFor(topic, timeout).size();
        if (partition.partition() < 0 || partition.partition() >= partitions) {
            throw new BlobGoneException(
                    "no blob at %s, which has %d partitions".formatted(partition, partitions));
        }
        long first = address.getFirstOffset();
        long last = address.getLastOffset();
        for (long end : consumer.endOffsets(List.of(partition), timeout).values()) {
            if (first < 0 || last < first || last >= end) {
                throw new BlobGoneException(
                        "no blob at %s, offsets %d to %d: it ends at %d"
                                .formatted(partition, first, last, end));
            }
        }
    }

    private <X extends Exception> void collect(BlobAddress address, Sink<X> sink) throws X {
        long left = address.getSize();
        int next = 0;
        int count = 1;
        while (next < count) {
            List<ConsumerRecord<byte[], byte[]>> records =
                    consumer.poll(timeout).records(consumer.assignment().iterator().next());
            if (records.isEmpty()) {
                throw new BlobGoneException(
                        "the blob's chunk %d did not arrive within %s".formatted(next, timeout));
            }
            for (ConsumerRecord<byte[], byte[]> record : records) {
                if (record.offset() > address.getLastOffset()) {
                    throw new BlobGoneException("the blob ends before its chunk " + next);
                }
                if (Arrays.equals(record.key(), Blobs.key(address.getDigest(), next))) {
                    BlobChunk chunk = decode(record.value());
                    left -= chunk.getContent().remaining();
                    if (left < 0) {
                        throw new BlobGoneException("the blob is larger than its address says");
                    }
                    sink.chunk(next, chunk.getContent());
                    count = chunk.getCount();
                    next++;
                    if (next == count) {
                        break;
                    }
                }
                if (record.offset() == address.getLastOffset()) {
                    throw new BlobGoneException("the blob ends before its chunk " + next);
                }
            }
        }
        if (left > 0) {
            throw new BlobGoneException("the blob is smaller than its address says");
        }
    }

    private static BlobChunk decode(byte[] value) {
        try {
            return Codec.current().decode(value, BlobChunk.class);
        } catch (UndecodableException e) {
            throw new BlobGoneException("a chunk of the blob is damaged: " + e.getMessage());
        }
    }

    @Override
    public synchronized void close() {
        consumer.close();
    }
}
