package dev.athanor.api.internal.cluster;

import java.util.Optional;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;

/** Makes Kafka clients; tests have Kafka's own mocks instead. */
interface KafkaClients {
    /** Where the cluster is looked for, for messages. */
    String addresses();

    /** The id of the key by which it is let in. */
    default Optional<String> keyId() {
        return Optional.empty();
    }

    /**
     * Returns when somebody answers there.
     *
     * @throws dev.athanor.api.UnavailableException when nobody answers there
     */
    void checkReachable();

    /** Idempotent, with {@code acks=all}; safe for any number of threads. */
    Producer<byte[], byte[]> producer();

    /** Without a group; reads from the earliest record left where its position has expired. */
    Consumer<byte[], byte[]> replyConsumer();

    /** Without a group; fails where its position has expired. */
    Consumer<byte[], byte[]> blobConsumer();
}
