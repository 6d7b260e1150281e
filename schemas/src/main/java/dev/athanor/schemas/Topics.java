package dev.athanor.schemas;

import java.util.regex.Pattern;

/**
 * Names of topics and groups. Part of the wire contract: changing one is an incompatible change.
 */
public final class Topics {
    /** Begins the name of every machine type's queue. */
    public static final String INVOCATIONS_PREFIX = "athanor.invocations.";

    /** Leases of invocations that run longer than a record may be held; compacted. */
    public static final String RUNNING = "athanor.running";

    /** Heartbeats of agents; compacted. */
    public static final String AGENTS = "athanor.agents";

    /** Requests to drop or stop invocations. */
    public static final String CANCELLATIONS = "athanor.cancellations";

    /** Records that were given up, with the reason. */
    public static final String DEAD_LETTERS = "athanor.dead-letters";

    /** Kafka's own dead-letter queue of the share groups: a backstop that should stay empty. */
    public static final String GROUP_DEAD_LETTERS = "athanor.group-dead-letters";

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,63}");

    private Topics() {}

    /** The queue of a machine type. */
    public static String invocations(String machineType) {
        return INVOCATIONS_PREFIX + checked("machine type", machineType);
    }

    /** The share group of the agents that serve a machine type. */
    public static String workersGroup(String machineType) {
        return "athanor.workers." + checked("machine type", machineType);
    }

    /** Replies, log lines and stream items for the callers of a tenant. */
    public static String replies(String tenant) {
        return "athanor.replies." + checked("tenant", tenant);
    }

    /** Chunks of bundles and of payloads too large for a record. */
    public static String blobs(String tenant) {
        return "athanor.blobs." + checked("tenant", tenant);
    }

    private static String checked(String what, String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "%s '%s' is not 1 to 64 letters, digits, '-' or '_'".formatted(what, name));
        }
        return name;
    }
}
