package dev.athanor.dispatcher.job;

import dev.athanor.schemas.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.Utils;

/** Asks the cluster about topics. Safe for any number of threads. */
final class JobTopics {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Admin admin;
    private volatile Set<String> known = Set.of();
    private volatile int partitions;

    /**
     * @param admin stays its giver's to close
     */
    JobTopics(Admin admin) {
        this.admin = admin;
    }

    /**
     * Whether the machine type has a queue; the cluster is asked about one that had none before.
     *
     * @throws JobsUnavailableException when it does not answer
     */
    boolean hasQueue(String machineType) throws InterruptedException {
        if (!Topics.isName(machineType)) {
            return false;
        }
        String topic = Topics.invocations(machineType);
        if (!known.contains(topic)) {
            known = Set.copyOf(await(admin.listTopics().names()));
        }
        return known.contains(topic);
    }

    /**
     * Where the events of a job lie.
     *
     * @throws JobsUnavailableException when the cluster does not answer
     */
    TopicPartition events(String id) throws InterruptedException {
        if (partitions == 0) {
            partitions =
                    await(admin.describeTopics(Set.of(Topics.JOBS)).allTopicNames())
                            .values()
                            .iterator()
                            .next()
                            .partitions()
                            .size();
        }
        // As producers choose it by the key.
        int hash = Utils.murmur2(id.getBytes(StandardCharsets.UTF_8));
        return new TopicPartition(Topics.JOBS, Utils.toPositive(hash) % partitions);
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
