package dev.athanor.api.internal.cluster;

import dev.athanor.api.UnauthorizedException;
import dev.athanor.api.UnavailableException;
import dev.athanor.schemas.Topics;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;

/**
 * A consumer at the end of one partition of the reply topic, chosen at random so that callers
 * spread over them.
 *
 * @param consumer its position is resolved: records written from now on will be read
 * @param partition which one it reads
 * @param topics that the cluster has
 * @param served is to get what the consumer reads of machine types, which it does beside
 */
record Subscription(
        Consumer<byte[], byte[]> consumer, int partition, Set<String> topics, ServedTypes served) {
    /**
     * @throws UnavailableException when the cluster does not answer in time, or is not Athanor's
     * @throws UnauthorizedException when the key is refused, or is not the tenant's
     */
    static Subscription open(
            KafkaClients kafka, String tenant, Duration timeout, InstantSource clock) {
        Consumer<byte[], byte[]> consumer = consumer(kafka);
        try {
            return open(consumer, kafka, Topics.replies(tenant), timeout, clock);
        } catch (KafkaException e) {
            consumer.close();
            throw KafkaFailures.of(
                    "Kafka at %s does not answer%s"
                            .formatted(
                                    kafka.addresses(),
                                    kafka.keyId().map(" key %s"::formatted).orElse("")),
                    e);
        } catch (UnauthorizedException | UnavailableException e) {
            consumer.close();
            throw e;
        }
    }

    private static Consumer<byte[], byte[]> consumer(KafkaClients kafka) {
        try {
            return kafka.replyConsumer();
        } catch (KafkaException e) {
            throw new UnavailableException("cannot make a Kafka consumer: " + e.getMessage(), e);
        }
    }

    private static Subscription open(
            Consumer<byte[], byte[]> consumer,
            KafkaClients kafka,
            String topic,
            Duration timeout,
            InstantSource clock) {
        Map<String, List<PartitionInfo>> topics = consumer.listTopics(timeout);
        List<PartitionInfo> partitions = topics.getOrDefault(topic, List.of());
        if (partitions.isEmpty() && kafka.keyId().isPresent()) {
            throw new UnauthorizedException(
                    "Kafka at %s shows key %s no topic %s: it was revoked, or is another tenant's"
                            .formatted(kafka.addresses(), kafka.keyId().get(), topic));
        }
        if (partitions.isEmpty()) {
            throw new UnavailableException(
                    ("Kafka at %s has no topic %s: start an agent for it, which makes Athanor's"
                                    + " topics, or check the tenant's name")
                            .formatted(kafka.addresses(), topic),
                    null);
        }
        int partition = ThreadLocalRandom.current().nextInt(partitions.size());
        TopicPartition own = new TopicPartition(topic, partition);
        boolean tellsTypes = topics.containsKey(Topics.MACHINE_TYPES);
        consumer.assign(tellsTypes ? List.of(own, ServedTypes.PARTITION) : List.of(own));
        consumer.seekToEnd(List.of(own));
        long end = tellsTypes ? beginTypes(consumer, timeout) : 0;
        consumer.position(own, timeout);
        return new Subscription(consumer, partition, topics.keySet(), new ServedTypes(end, clock));
    }

    /** Its records are few, and wanted from the first on; gives the offset after the last. */
    private static long beginTypes(Consumer<byte[], byte[]> consumer, Duration timeout) {
        List<TopicPartition> types = List.of(ServedTypes.PARTITION);
        consumer.seekToBeginning(types);
        return consumer.endOffsets(types, timeout).getOrDefault(ServedTypes.PARTITION, 0L);
    }
}
