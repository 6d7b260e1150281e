package dev.athanor.schemas.cluster;

import dev.athanor.schemas.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.FeatureMetadata;
import org.apache.kafka.clients.admin.FinalizedVersionRange;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.SupportedVersionRange;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnsupportedVersionException;

/**
 * Checks a cluster's release and makes the topics and group settings that Athanor needs, those that
 * are missing only: running it again, or from several processes at once, changes nothing.
 *
 * <p>Blocks; every step waits at most the given time-out. Not for use by several threads at once.
 */
public final class ClusterSetup {
    /**
     * {@code metadata.version} that release 4.2, the first with production share groups, supports.
     */
    private static final short METADATA_VERSION_OF_4_2 = 28;

    private static final int LARGEST_REPLICATION = 3;

    private final Admin admin;
    private final Duration timeout;

    /**
     * @param admin stays its giver's to close
     * @param timeout longest wait for each answer of the cluster
     */
    public ClusterSetup(Admin admin, Duration timeout) {
        this.admin = admin;
        this.timeout = timeout;
    }

    /**
     * Makes what is missing.
     *
     * @throws UnsupportedClusterException when the brokers are older than 4.2 or have share groups
     *     switched off
     * @throws ClusterUnreachableException when the cluster does not answer or refuses
     */
    public void apply(Collection<String> tenants, Collection<String> machineTypes)
            throws InterruptedException {
        checkRelease();
        List<TopicDefinition> topics = new ArrayList<>(TopicDefinition.shared());
        tenants.forEach(tenant -> topics.addAll(TopicDefinition.ofTenant(tenant)));
        machineTypes.forEach(type -> topics.add(TopicDefinition.invocations(type)));
        createMissing(topics);
        enableGroupDeadLetters();
        for (String machineType : machineTypes) {
            configureGroup(Topics.workersGroup(machineType));
        }
    }

    private void checkRelease() throws InterruptedException {
        FeatureMetadata features =
                await("the cluster's features", admin.describeFeatures().featureMetadata());
        SupportedVersionRange metadata = features.supportedFeatures().get("metadata.version");
        if (metadata == null || metadata.maxVersion() < METADATA_VERSION_OF_4_2) {
            throw new UnsupportedClusterException(
                    "this Kafka is older than 4.2, the first release whose share groups Athanor can"
                            + " use: upgrade the brokers");
        }
        FinalizedVersionRange share = features.finalizedFeatures().get("share.version");
        if (share == null || share.maxVersionLevel() < 1) {
            throw new UnsupportedClusterException(
                    "share groups are switched off on this Kafka: run"
                            + " kafka-features.sh --bootstrap-server … upgrade --feature"
                            + " share.version=1");
        }
    }

    private void createMissing(List<TopicDefinition> wanted) throws InterruptedException {
        Collection<String> present = await("the topic list", admin.listTopics().names());
        List<TopicDefinition> missing =
                wanted.stream().filter(topic -> !present.contains(topic.name())).toList();
        if (missing.isEmpty()) {
            return;
        }
        int brokers = await("the broker list", admin.describeCluster().nodes()).size();
        short replication = (short) Math.min(brokers, LARGEST_REPLICATION);
        Map<String, KafkaFuture<Void>> created =
                admin.createTopics(missing.stream().map(t -> newTopic(t, replication)).toList())
                        .values();
        for (Map.Entry<String, KafkaFuture<Void>> topic : created.entrySet()) {
            attempt("creating topic " + topic.getKey(), topic.getValue())
                    .filter(error -> !(error instanceof TopicExistsException))
                    .ifPresent(error -> fail("creating topic " + topic.getKey(), error));
        }
    }

    private static NewTopic newTopic(TopicDefinition topic, short replication) {
        Map<String, String> config = new HashMap<>(topic.config());
        if (replication == LARGEST_REPLICATION) {
            config.put(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG, "2");
        }
        return new NewTopic(topic.name(), topic.partitions(), replication).configs(config);
    }

    /** Brokers before 4.4 have no dead-letter queue of their own: the setting is left out there. */
    private void enableGroupDeadLetters() throws InterruptedException {
        alterIfKnown(
                new ConfigResource(ConfigResource.Type.TOPIC, Topics.GROUP_DEAD_LETTERS),
                Map.of(TopicConfig.ERRORS_DEADLETTERQUEUE_GROUP_ENABLE_CONFIG, "true"));
    }

    private void configureGroup(String group) throws InterruptedException {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.GROUP, group);
        alter(resource, Map.of("share.auto.offset.reset", "earliest"))
                .ifPresent(error -> fail("configuring group " + group, error));
        alterIfKnown(resource, Map.of("share.record.lock.duration.ms", "30000"));
        alterIfKnown(resource, Map.of("share.partition.max.record.locks", "4000"));
        alterIfKnown(
                resource,
                Map.of(
                        "errors.deadletterqueue.topic.name",
                        Topics.GROUP_DEAD_LETTERS,
                        "errors.deadletterqueue.copy.record.enable",
                        "true"));
    }

    private void alterIfKnown(ConfigResource resource, Map<String, String> config)
            throws InterruptedException {
        alter(resource, config)
                .filter(error -> !isUnknownSetting(error))
                .ifPresent(error -> fail("setting " + config.keySet() + " of " + resource, error));
    }

    private static boolean isUnknownSetting(Throwable error) {
        return error instanceof InvalidConfigurationException
                || error instanceof InvalidRequestException
                || error instanceof UnsupportedVersionException;
    }

    private Optional<Throwable> alter(ConfigResource resource, Map<String, String> config)
            throws InterruptedException {
        List<AlterConfigOp> operations =
                config.entrySet().stream()
                        .map(e -> new ConfigEntry(e.getKey(), e.getValue()))
                        .map(entry -> new AlterConfigOp(entry, AlterConfigOp.OpType.SET))
                        .toList();
        return attempt(
                "configuring " + resource,
                admin.incrementalAlterConfigs(Map.of(resource, operations)).all());
    }

    private Optional<Throwable> attempt(String what, KafkaFuture<?> future)
            throws InterruptedException {
        try {
            get(what, future);
            return Optional.empty();
        } catch (ExecutionException e) {
            return Optional.of(e.getCause() == null ? e : e.getCause());
        }
    }

    private <T> T await(String what, KafkaFuture<T> future) throws InterruptedException {
        try {
            return get("asking for " + what, future);
        } catch (ExecutionException e) {
            throw failure("asking for " + what, e.getCause() == null ? e : e.getCause());
        }
    }

    private <T> T get(String what, KafkaFuture<T> future)
            throws InterruptedException, ExecutionException {
        try {
            return future.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new ClusterUnreachableException(
                    "Kafka did not answer within %d s while %s"
                            .formatted(timeout.toSeconds(), what),
                    e);
        }
    }

    private static void fail(String what, Throwable error) {
        throw failure(what, error);
    }

    private static ClusterUnreachableException failure(String what, Throwable error) {
        return new ClusterUnreachableException(
                "Kafka failed while %s: %s".formatted(what, error.getMessage()), error);
    }
}
