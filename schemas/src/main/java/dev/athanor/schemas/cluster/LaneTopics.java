package dev.athanor.schemas.cluster;

import dev.athanor.schemas.Lane;
import dev.athanor.schemas.Topics;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.DeleteShareGroupsOptions;
import org.apache.kafka.clients.admin.ListShareGroupOffsetsSpec;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.SharePartitionOffsetInfo;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.GroupNotEmptyException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * Makes lanes and takes them away without losing what callers write to them meanwhile: a lane is
 * {@linkplain #fence fenced} first, so that every later write is refused, then emptied by the
 * members of its share group, and only then {@linkplain #remove removed}. Each step may be done
 * again, and by another process.
 *
 * <p>Blocks; every step waits at most the given time-out. Not for use by several threads at once.
 */
public final class LaneTopics {
    private static final String NOTHING_FITS = "0";

    /**
     * It takes some 20 ms, but now and then half a minute, while the broker still writes down what
     * the group had done of a topic that is gone.
     */
    private static final int GROUP_MILLIS = 2_000;

    private final Admin admin;
    private final AdminCalls calls;

    /**
     * @param admin stays its giver's to close
     * @param timeout longest wait for each answer of the cluster
     */
    public LaneTopics(Admin admin, Duration timeout) {
        this.admin = admin;
        this.calls = new AdminCalls(admin, timeout);
    }

    /**
     * The lanes that there are.
     *
     * @throws ClusterUnreachableException when the cluster does not answer
     */
    public List<Lane> list() throws InterruptedException {
        return calls.await("the topic list", admin.listTopics().names()).stream()
                .flatMap(topic -> Lane.ofTopic(topic).stream())
                .toList();
    }

    /**
     * Makes the lanes that are missing, and opens those that were fenced.
     *
     * @throws ClusterUnreachableException when the cluster does not answer or refuses
     */
    public void open(Collection<Lane> lanes) throws InterruptedException {
        calls.createMissing(lanes.stream().map(TopicDefinition::lane).toList());
        for (Lane lane : lanes) {
            calls.configureGroup(lane.group());
            limit(lane, Optional.empty());
            calls.stampByBroker(lane.topic());
        }
    }

    /**
     * Has every further write refused. The lane's end is final when this returns.
     *
     * @param producer writes records without key and value, until one is refused
     * @return false when there is no such lane
     * @throws ClusterUnreachableException when the cluster does not answer or refuses
     */
    public boolean fence(Lane lane, Producer<byte[], byte[]> producer) throws InterruptedException {
        Optional<Throwable> failure = limit(lane, Optional.of(NOTHING_FITS));
        if (failure.isPresent()) {
            return false;
        }
        // The broker that holds the lane learns of the limit a moment after the controller.
        boolean isWritable;
        do {
            isWritable = isWritable(lane, producer);
        } while (isWritable);
        return true;
    }

    private Optional<Throwable> limit(Lane lane, Optional<String> largest)
            throws InterruptedException {
        ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, lane.topic());
        AlterConfigOp.OpType change =
                largest.isPresent() ? AlterConfigOp.OpType.SET : AlterConfigOp.OpType.DELETE;
        Optional<Throwable> failure =
                calls.alter(
                        topic,
                        Map.of(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, largest.orElse("")),
                        change);
        failure.filter(error -> !(error instanceof UnknownTopicOrPartitionException))
                .ifPresent(error -> AdminCalls.fail("limiting " + lane.topic(), error));
        return failure;
    }

    private static boolean isWritable(Lane lane, Producer<byte[], byte[]> producer)
            throws InterruptedException {
        try {
            producer.send(new ProducerRecord<>(lane.topic(), 0, null, null)).get();
            return true;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RecordTooLargeException) {
                return false;
            }
            throw new ClusterUnreachableException(
                    "Kafka refuses writes to %s: %s".formatted(lane.topic(), e.getMessage()), e);
        }
    }

    /** Whether a record is one that {@link #fence} wrote: it says nothing, and is to be dropped. */
    public static boolean isProbe(ConsumerRecord<?, ?> record) {
        return record.key() == null
                && record.value() == null
                && record.topic().startsWith(Topics.LANE_PREFIX);
    }

    /**
     * Asks for what {@link #isEmpty} will, and does not wait: the first such question since a
     * broker's start takes 1.8 s, since it connects to itself for the answer then.
     */
    public void expectQuestions(Lane lane) {
        KafkaFuture<?> unused = offsets(lane);
    }

    /**
     * Whether its share group is done with every record of a lane.
     *
     * @throws ClusterUnreachableException when the cluster does not answer or refuses
     */
    public boolean isEmpty(Lane lane) throws InterruptedException {
        TopicPartition partition = new TopicPartition(lane.topic(), 0);
        long end = end(partition);
        return done(lane, partition).map(info -> left(info, end)).orElse(end) == 0;
    }

    /** The start alone moves late; brokers before 4.3 tell nothing else. */
    private static long left(SharePartitionOffsetInfo info, long end) {
        return info.lag().orElseGet(() -> end - info.startOffset());
    }

    private Optional<SharePartitionOffsetInfo> done(Lane lane, TopicPartition partition)
            throws InterruptedException {
        Map<TopicPartition, SharePartitionOffsetInfo> offsets =
                calls.await("the offsets of " + lane.group(), offsets(lane));
        return Optional.ofNullable(offsets.get(partition));
    }

    private KafkaFuture<Map<TopicPartition, SharePartitionOffsetInfo>> offsets(Lane lane) {
        return admin.listShareGroupOffsets(Map.of(lane.group(), new ListShareGroupOffsetsSpec()))
                .partitionsToOffsetInfo(lane.group());
    }

    private long end(TopicPartition partition) throws InterruptedException {
        return calls.await(
                        "the end of " + partition.topic(),
                        admin.listOffsets(Map.of(partition, OffsetSpec.latest()))
                                .partitionResult(partition))
                .offset();
    }

    /**
     * Takes a lane away. Its consumers are to be closed before.
     *
     * @throws ClusterUnreachableException when the cluster does not answer or refuses
     */
    public void remove(Lane lane) throws InterruptedException {
        calls.attempt("removing " + lane.topic(), admin.deleteTopics(List.of(lane.topic())).all())
                .filter(error -> !(error instanceof UnknownTopicOrPartitionException))
                .ifPresent(error -> AdminCalls.fail("removing " + lane.topic(), error));
        calls.attempt(
                        "removing " + lane.group(),
                        admin.deleteShareGroups(
                                        List.of(lane.group()),
                                        new DeleteShareGroupsOptions().timeoutMs(GROUP_MILLIS))
                                .all())
                .filter(error -> !isHarmless(error))
                .ifPresent(error -> AdminCalls.fail("removing " + lane.group(), error));
    }

    /** A member that died counts for a while; a group without a topic does no harm. */
    private static boolean isHarmless(Throwable error) {
        return error instanceof GroupIdNotFoundException
                || error instanceof GroupNotEmptyException
                || error instanceof TimeoutException;
    }
}
