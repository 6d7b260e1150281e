package dev.athanor.dispatcher.queue;

import dev.athanor.schemas.MachineTypeStatus;
import dev.athanor.schemas.Topics;
import dev.athanor.schemas.agents.AgentView;
import dev.athanor.schemas.agents.MachineTypesServed;
import dev.athanor.schemas.cluster.ClusterUnreachableException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.ListShareGroupOffsetsResult;
import org.apache.kafka.clients.admin.ListShareGroupOffsetsSpec;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.SharePartitionOffsetInfo;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.jspecify.annotations.Nullable;

/**
 * Knows the queues of all machine types. What it read from Kafka it gives again for a second,
 * however many ask. Safe for any number of threads.
 */
public final class Queues implements AutoCloseable {
    private static final Duration KEPT = Duration.ofSeconds(1);
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    /** How much waits in which machine type's queue, as of a time by the ticker. */
    private record Depths(Map<String, Long> waiting, long readAt) {}

    private final Admin admin;
    private final Supplier<AgentView> agents;
    private final Duration patience;
    private final LongSupplier ticker;
    private final ReentrantLock lock = new ReentrantLock();

    /** Guarded by the lock. */
    private @Nullable Depths depths;

    /**
     * @param admin closed with this
     * @param patience for how long a live agent may be silent
     * @param ticker nanoseconds of a clock that never goes back
     */
    public Queues(Admin admin, Supplier<AgentView> agents, Duration patience, LongSupplier ticker) {
        this.admin = admin;
        this.agents = agents;
        this.patience = patience;
        this.ticker = ticker;
    }

    /**
     * The queues by name of the machine type: of every one that live agents serve or that calls
     * were ever sent to.
     *
     * @throws ClusterUnreachableException when Kafka does not answer
     */
    public List<QueueStatus> all() throws InterruptedException {
        AgentView view = agents.get();
        SortedMap<String, MachineTypeStatus> served =
                MachineTypesServed.by(
                        view.agents(), agent -> view.silence(agent).compareTo(patience) < 0);
        SortedMap<String, QueueStatus> queues = new TreeMap<>();
        waiting()
                .forEach((machineType, waiting) ->
                        queues.put(
                                machineType,
                                new QueueStatus(
                                        served.getOrDefault(machineType, unserved(machineType)),
                                        waiting)));
        served.forEach((machineType, status) ->
                queues.putIfAbsent(machineType, new QueueStatus(status, 0)));
        return List.copyOf(queues.values());
    }

    private static MachineTypeStatus unserved(String machineType) {
        return new MachineTypeStatus(machineType, null, 0, 0, 0);
    }

    private Map<String, Long> waiting() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            Depths known = depths;
            long now = ticker.getAsLong();
            if (known != null && now - known.readAt() < KEPT.toNanos()) {
                return known.waiting();
            }
            Map<String, Long> waiting = read();
            depths = new Depths(waiting, now);
            return waiting;
        } finally {
            lock.unlock();
        }
    }

    private Map<String, Long> read() throws InterruptedException {
        Map<String, TopicPartition> queues =
                await(admin.listTopics().names()).stream()
                        .filter(topic -> topic.startsWith(Topics.INVOCATIONS_PREFIX))
                        .collect(
                                Collectors.toMap(
                                        topic ->
                                                topic.substring(Topics.INVOCATIONS_PREFIX.length()),
                                        topic -> new TopicPartition(topic, 0)));
        Map<TopicPartition, ListOffsetsResultInfo> begins = offsets(queues, OffsetSpec.earliest());
        Map<TopicPartition, ListOffsetsResultInfo> ends = offsets(queues, OffsetSpec.latest());
        ListShareGroupOffsetsResult groups =
                admin.listShareGroupOffsets(
                        queues.entrySet().stream()
                                .collect(
                                        Collectors.toMap(
                                                queue -> Topics.workersGroup(queue.getKey()),
                                                queue ->
                                                        new ListShareGroupOffsetsSpec()
                                                                .topicPartitions(
                                                                        List.of(
                                                                                queue
                                                                                        .getValue())))));
        Map<String, Long> waiting = new HashMap<>();
        for (Map.Entry<String, TopicPartition> queue : queues.entrySet()) {
            SharePartitionOffsetInfo group =
                    group(
                            groups.partitionsToOffsetInfo(Topics.workersGroup(queue.getKey())),
                            queue.getValue());
            long all = offset(ends, queue.getValue()) - offset(begins, queue.getValue());
            long untaken =
                    group == null || group.startOffset() < 0
                            ? all
                            : group.lag()
                                    .orElse(offset(ends, queue.getValue()) - group.startOffset());
            waiting.put(queue.getKey(), Math.max(0, untaken));
        }
        return waiting;
    }

    private static long offset(
            Map<TopicPartition, ListOffsetsResultInfo> offsets, TopicPartition partition) {
        ListOffsetsResultInfo found = offsets.get(partition);
        return found == null ? 0 : found.offset();
    }

    private Map<TopicPartition, ListOffsetsResultInfo> offsets(
            Map<String, TopicPartition> queues, OffsetSpec which) throws InterruptedException {
        return await(
                admin.listOffsets(
                                queues.values().stream()
                                        .collect(Collectors.toMap(each -> each, each -> which)))
                        .all());
    }

    /** Null: no agent has ever joined it. */
    private @Nullable SharePartitionOffsetInfo group(
            KafkaFuture<Map<TopicPartition, SharePartitionOffsetInfo>> answer,
            TopicPartition partition)
            throws InterruptedException {
        try {
            return await(answer).get(partition);
        } catch (ClusterUnreachableException e) {
            if (e.getCause() instanceof GroupIdNotFoundException) {
                return null;
            }
            throw e;
        }
    }

    private static <T> T await(KafkaFuture<T> answer) throws InterruptedException {
        try {
            return answer.get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new ClusterUnreachableException(
                    "Kafka did not say within %d s what is in its queues"
                            .formatted(TIMEOUT.toSeconds()),
                    e);
        } catch (ExecutionException e) {
            throw new ClusterUnreachableException(
                    "Kafka did not say what is in its queues: " + e.getCause(), e.getCause());
        }
    }

    @Override
    public void close() {
        admin.close(TIMEOUT);
    }
}
