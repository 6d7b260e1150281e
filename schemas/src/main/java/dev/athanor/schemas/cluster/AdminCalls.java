package dev.athanor.schemas.cluster;

import dev.athanor.schemas.Topics;
import java.time.Duration;
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
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnsupportedVersionException;

/** Asks a cluster to change, and waits for it. Blocks; for one thread at a time. */
final class AdminCalls {
    private static final int LARGEST_REPLICATION = 3;

    private final Admin admin;
    private final Duration timeout;

    /**
     * @param timeout longest wait for each answer
     */
    AdminCalls(Admin admin, Duration timeout) {
        this.admin = admin;
        this.timeout = timeout;
    }

    /** Makes the topics that are not there. */
    void createMissing(List<TopicDefinition> wanted) throws InterruptedException {
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

    /** Sets what every share group of agents needs. */
    void configureGroup(String group) throws InterruptedException {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.GROUP, group);
        alter(resource, Map.of("share.auto.offset.reset", "earliest"))
                .ifPresent(error -> fail("configuring group " + group, error));
        // What supervision republishes counts once its transaction is committed.
        alterIfKnown(resource, Map.of("share.isolation.level", "read_committed"));
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

    /** As a topic of calls is made now; one of an earlier release may not be so. */
    void stampByBroker(String topic) throws InterruptedException {
        alter(new ConfigResource(ConfigResource.Type.TOPIC, topic), TopicDefinition.BROKER_TIME)
                .ifPresent(error -> fail("configuring topic " + topic, error));
    }

    /** Sets what older releases do not know, and leaves it out there. */
    void alterIfKnown(ConfigResource resource, Map<String, String> config)
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

    /** Sets what is given; empty: it was done. */
    Optional<Throwable> alter(ConfigResource resource, Map<String, String> config)
            throws InterruptedException {
        return alter(resource, config, AlterConfigOp.OpType.SET);
    }

    Optional<Throwable> alter(
            ConfigResource resource, Map<String, String> config, AlterConfigOp.OpType change)
            throws InterruptedException {
        List<AlterConfigOp> operations =
                config.entrySet().stream()
                        .map(e -> new ConfigEntry(e.getKey(), e.getValue()))
                        .map(entry -> new AlterConfigOp(entry, change))
                        .toList();
        return attempt(
                "configuring " + resource,
                admin.incrementalAlterConfigs(Map.of(resource, operations)).all());
    }

    /** Waits; empty: it was done. */
    Optional<Throwable> attempt(String what, KafkaFuture<?> future) throws InterruptedException {
        try {
            get(what, future);
            return Optional.empty();
        } catch (ExecutionException e) {
            return Optional.of(e.getCause() == null ? e : e.getCause());
        }
    }

    <T> T await(String what, KafkaFuture<T> future) throws InterruptedException {
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

    static void fail(String what, Throwable error) {
        throw failure(what, error);
    }

    private static ClusterUnreachableException failure(String what, Throwable error) {
        return new ClusterUnreachableException(
                "Kafka failed while %s: %s".formatted(what, error.getMessage()), error);
    }
}
