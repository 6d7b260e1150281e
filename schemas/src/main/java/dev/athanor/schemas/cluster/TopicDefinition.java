package dev.athanor.schemas.cluster;

import dev.athanor.schemas.Lane;
import dev.athanor.schemas.Topics;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.TopicConfig;

/**
 * A topic as Athanor needs it. Nothing that someone still waits for may expire, so retention lies
 * above the longest queue deadline of seven days.
 */
record TopicDefinition(String name, int partitions, Map<String, String> config) {
    private static final Duration AN_HOUR = Duration.ofHours(1);
    private static final Map<String, String> EIGHT_DAYS = retention(Duration.ofDays(8));

    /** When a record came is the broker's to say: what was signed long before is not believed. */
    static final Map<String, String> BROKER_TIME =
            Map.of(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG, "LogAppendTime");

    private static final Map<String, String> STAMPED_BY_BROKER = both(EIGHT_DAYS, BROKER_TIME);
    private static final Map<String, String> COMPACTED =
            Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT);

    /** Every caller reads all of it when it connects, so little is left that was superseded. */
    private static final Map<String, String> READ_BY_CALLERS =
            both(
                    both(COMPACTED, BROKER_TIME),
                    Map.of(TopicConfig.SEGMENT_MS_CONFIG, Long.toString(AN_HOUR.toMillis())));

    TopicDefinition {
        config = Map.copyOf(config);
    }

    /** Topics that every cluster has once. */
    static List<TopicDefinition> shared() {
        return List.of(
                new TopicDefinition(Topics.RUNNING, 8, COMPACTED),
                new TopicDefinition(Topics.AGENTS, 1, COMPACTED),
                new TopicDefinition(Topics.MACHINE_TYPES, 1, READ_BY_CALLERS),
                new TopicDefinition(Topics.KEYS, 1, COMPACTED),
                new TopicDefinition(Topics.VOLUMES, 1, COMPACTED),
                new TopicDefinition(Topics.SECRETS, 1, COMPACTED),
                new TopicDefinition(Topics.SECRETS_KEY, 1, COMPACTED),
                new TopicDefinition(Topics.CANCELLATIONS, 1, STAMPED_BY_BROKER),
                new TopicDefinition(Topics.CREDITS, 1, both(retention(AN_HOUR), BROKER_TIME)),
                new TopicDefinition(Topics.JOBS, 8, EIGHT_DAYS),
                new TopicDefinition(Topics.LOGS, 8, EIGHT_DAYS),
                new TopicDefinition(Topics.DEAD_LETTERS, 1, retention(Duration.ofDays(30))),
                new TopicDefinition(Topics.GROUP_DEAD_LETTERS, 1, retention(Duration.ofDays(30))));
    }

    /** The queue of a machine type: one partition, so that every consumer serves all of it. */
    static TopicDefinition invocations(String machineType) {
        return new TopicDefinition(Topics.invocations(machineType), 1, STAMPED_BY_BROKER);
    }

    /** An agent's own queue, one partition like the queue that its records go back to. */
    static TopicDefinition lane(Lane lane) {
        return new TopicDefinition(lane.topic(), 1, STAMPED_BY_BROKER);
    }

    /** A caller process reads one partition of the replies, so many keep its traffic its own. */
    static List<TopicDefinition> ofTenant(String tenant) {
        return List.of(
                new TopicDefinition(Topics.replies(tenant), 16, EIGHT_DAYS),
                new TopicDefinition(Topics.blobs(tenant), 4, EIGHT_DAYS));
    }

    private static Map<String, String> both(Map<String, String> one, Map<String, String> other) {
        Map<String, String> both = new HashMap<>(one);
        both.putAll(other);
        return both;
    }

    private static Map<String, String> retention(Duration duration) {
        return Map.of(TopicConfig.RETENTION_MS_CONFIG, Long.toString(duration.toMillis()));
    }
}
