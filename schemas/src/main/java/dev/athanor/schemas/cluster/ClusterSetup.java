package dev.athanor.schemas.cluster;

import dev.athanor.schemas.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.FeatureMetadata;
import org.apache.kafka.clients.admin.FinalizedVersionRange;
import org.apache.kafka.clients.admin.SupportedVersionRange;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;

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

    private final Admin admin;
    private final AdminCalls calls;

    /**
     * @param admin stays its giver's to close
     * @param timeout longest wait for each answer of the cluster
     */
    public ClusterSetup(Admin admin, Duration timeout) {
        this.admin = admin;
        this.calls = new AdminCalls(admin, timeout);
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
        calls.createMissing(topics);
        enableGroupDeadLetters();
        calls.stampByBroker(Topics.CANCELLATIONS);
        for (String machineType : machineTypes) {
            calls.stampByBroker(Topics.invocations(machineType));
            calls.configureGroup(Topics.workersGroup(machineType));
        }
    }

    private void checkRelease() throws InterruptedException {
        FeatureMetadata features =
                calls.await("the cluster's features", admin.describeFeatures().featureMetadata());
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

    /** Brokers before 4.4 have no dead-letter queue of their own: the setting is left out there. */
    private void enableGroupDeadLetters() throws InterruptedException {
        calls.alterIfKnown(
                new ConfigResource(ConfigResource.Type.TOPIC, Topics.GROUP_DEAD_LETTERS),
                Map.of(TopicConfig.ERRORS_DEADLETTERQUEUE_GROUP_ENABLE_CONFIG, "true"));
    }
}
