package dev.athanor.dispatcher.timer;

import dev.athanor.schemas.Codec;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;

/**
 * A producer whose transactional id is its own. Who finds that id beside what it set about can
 * fence it: from then on it writes nothing more, and what it has written is known for sure. Of no
 * more use once it has failed. Safe for any number of threads, which take turns.
 */
final class FencedProducer implements AutoCloseable {
    private static final String PREFIX = "athanor.outbox.";
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(5);

    private final String id;
    private final Producer<byte[], byte[]> producer;
    private boolean isUsable = true;

    private FencedProducer(String id, Producer<byte[], byte[]> producer) {
        this.id = id;
        this.producer = producer;
    }

    /**
     * @param producers makes a producer of a transactional id
     * @throws KafkaException when the cluster does not answer
     */
    static FencedProducer open(Function<String, Producer<byte[], byte[]>> producers) {
        String id = PREFIX + UUID.randomUUID();
        Producer<byte[], byte[]> producer = producers.apply(id);
        try {
            producer.initTransactions();
            return new FencedProducer(id, producer);
        } catch (RuntimeException e) {
            producer.close(CLOSE_PATIENCE);
            throw e;
        }
    }

    /** Its transactional id. */
    String id() {
        return id;
    }

    synchronized boolean isUsable() {
        return isUsable;
    }

    /** A record of a topic. */
    record Entry(String topic, SpecificRecordBase value) {}

    /**
     * Writes all or none.
     *
     * @param key of all of them
     * @throws KafkaException when nothing is known to be written
     */
    synchronized void write(String key, Entry... entries) {
        if (!isUsable) {
            throw new KafkaException("the producer %s has failed before".formatted(id));
        }
        byte[] keyBytes = key.getBytes(StandardCharsets.UTF_8);
        boolean written = false;
        try {
            producer.beginTransaction();
            for (Entry entry : entries) {
                // What fails here fails the commit.
                Future<RecordMetadata> _ =
                        producer.send(
                                new ProducerRecord<>(
                                        entry.topic(),
                                        keyBytes,
                                        Codec.current().encode(entry.value())));
            }
            producer.commitTransaction();
            written = true;
        } finally {
            isUsable = written;
        }
    }

    @Override
    public synchronized void close() {
        isUsable = false;
        producer.close(CLOSE_PATIENCE);
    }
}
