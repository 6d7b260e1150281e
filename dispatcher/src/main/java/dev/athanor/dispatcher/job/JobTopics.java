package dev.athanor.dispatcher.job;

import dev.athanor.dispatcher.queue.KnownQueues;
import dev.athanor.schemas.Topics;
import dev.athanor.schemas.cluster.ClusterUnreachableException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.Utils;

/** Asks the cluster about topics. Safe for any number of threads. */
final class JobTopics {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Admin admin;
    private final KnownQueues queues;
    private final Map<String, Integer> partitions = new ConcurrentHashMap<>();

    /**
     * @param admin stays its giver's to close
     */
    JobTopics(Admin admin) {
        this.admin = admin;
        this.queues = new KnownQueues(admin);
    }

    /**
     * Whether the machine type has a queue; the cluster is asked about one that had none before.
     *
     * @throws JobsUnavailableException when it does not answer
     */
    boolean hasQueue(String machineType) throws InterruptedException {
        try {
            return queues.has(machineType);
        } catch (ClusterUnreachableException e) {
            throw new JobsUnavailableException("Kafka does not answer: " + e, e);
        }
    }

    /**
     * Where the events of a job lie.
     *
     * @throws JobsUnavailableException when the cluster does not answer
     */
    TopicPartition events(String id) throws InterruptedException {
        return partition(Topics.JOBS, id.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Where the log lines of a job lie.
     *
     * @throws JobsUnavailableException when the cluster does not answer
     */
    TopicPartition logs(byte[] key) throws InterruptedException {
        return partition(Topics.LOGS, key);
    }

    /**
     * All that events of jobs lie in.
     *
     * @throws JobsUnavailableException when the cluster does not answer
     */
    List<TopicPartition> events() throws InterruptedException {
        return IntStream.range(0, count(Topics.JOBS))
                .mapToObj(partition -> new TopicPartition(Topics.JOBS, partition))
                .toList();
    }

    private TopicPartition partition(String topic, byte[] key) throws InterruptedException {
        // As producers choose it by the key.
        return new TopicPartition(topic, Utils.toPositive(Utils.murmur2(key)) % count(topic));
    }

    private int count(String topic) throws InterruptedException {
        Integer count = partitions.get(topic);
        if (count == null) {
            count =
                    await(admin.describeTopics(Set.of(topic)).allTopicNames())
                            .values()
                            .iterator()
                            .next()
                            .partitions()
                            .size();
            partitions.put(topic, count);
        }
        return count;
    }

    /**
     * The offset after the last durable record.
     *
     * @throws JobsUnavailableException when the cluster does not answer
     */
    long end(TopicPartition partition) throws InterruptedException {
        return await(
                        admin.listOffsets(Map.of(partition, OffsetSpec.latest()))
                                .partitionResult(partition))
                .offset();
    }

    private static <T> T await(KafkaFuture<T> answer) throws InterruptedException {
        try {
            return answer.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new JobsUnavailableException("Kafka does not answer: " + e, e);
        }
    }
}
