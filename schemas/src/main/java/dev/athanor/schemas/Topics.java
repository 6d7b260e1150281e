package dev.athanor.schemas;

/**
 * Names of topics and groups. Part of the wire contract: changing one is an incompatible change.
 */
public final class Topics {
    /** Begins the name of every machine type's queue. */
    public static final String INVOCATIONS_PREFIX = "athanor.invocations.";

    /** Begins the name of every lane. */
    public static final String LANE_PREFIX = "athanor.lane.";

    /** Leases of invocations that run longer than a record may be held; compacted. */
    public static final String RUNNING = "athanor.running";

    /** Heartbeats of agents; compacted. */
    public static final String AGENTS = "athanor.agents";

    /** What machine types there are and who serves them, for every tenant to read; compacted. */
    public static final String MACHINE_TYPES = "athanor.machine-types";

    /** Claims of what the cluster's data volume is; compacted. */
    public static final String VOLUMES = "athanor.volumes";

    /** Requests to drop or stop invocations. */
    public static final String CANCELLATIONS = "athanor.cancellations";

    /** How far functions that yield may go; what is old means nothing. */
    public static final String CREDITS = "athanor.credits";

    /** Keys that sign for tenants and operators; compacted. */
    public static final String KEYS = "athanor.keys";

    /** Encrypted secrets of tenants; compacted. */
    public static final String SECRETS = "athanor.secrets";

    /** What secrets are encrypted with; compacted. */
    public static final String SECRETS_KEY = "athanor.secrets-key";

    /** What becomes of jobs, keyed by correlation id: the source of the dispatchers' ledger. */
    public static final String JOBS = "athanor.jobs";

    /** Log lines of jobs, keyed by tenant and correlation id. */
    public static final String LOGS = "athanor.logs";

    /** Records that were given up, with the reason. */
    public static final String DEAD_LETTERS = "athanor.dead-letters";

    /** Kafka's own dead-letter queue of the share groups: a backstop that should stay empty. */
    public static final String GROUP_DEAD_LETTERS = "athanor.group-dead-letters";

    private static final int LONGEST_NAME = 64;

    private Topics() {}

    /** The queue of a machine type. */
    public static String invocations(String machineType) {
        return INVOCATIONS_PREFIX + checked("machine type", machineType);
    }

    /** The share group of the agents that serve a machine type. */
    public static String workersGroup(String machineType) {
        return "athanor.workers." + checked("machine type", machineType);
    }

    /** An agent's own queue of a machine type, for calls that go straight to its hot sandboxes. */
    public static String lane(String agent, String machineType) {
        return LANE_PREFIX + laneName(agent, machineType);
    }

    /** The share group of an agent's consumers of its own queue. */
    public static String laneGroup(String agent, String machineType) {
        return "athanor.lanes." + laneName(agent, machineType);
    }

    /** Neither part has a dot in it, so the last one parts them. */
    private static String laneName(String agent, String machineType) {
        return checked("agent", agent) + "." + checked("machine type", machineType);
    }

    /** Replies, log lines and stream items for the callers of a tenant. */
    public static String replies(String tenant) {
        return "athanor.replies." + checked("tenant", tenant);
    }

    /** Chunks of bundles and of payloads too large for a record. */
    public static String blobs(String tenant) {
        return "athanor.blobs." + checked("tenant", tenant);
    }

    /** Whether an agent, a machine type or a tenant can have this name. */
    public static boolean isName(String name) {
        // By hand, as several names are checked for each call: a pattern took 7 % of its reader.
        if (name.isEmpty() || name.length() > LONGEST_NAME || !isLetterOrDigit(name.charAt(0))) {
            return false;
        }
        for (int i = 1; i < name.length(); i++) {
            char next = name.charAt(i);
            if (!isLetterOrDigit(next) && next != '-' && next != '_') {
                return false;
            }
        }
        return true;
    }

    private static boolean isLetterOrDigit(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }

    private static String checked(String what, String name) {
        if (!isName(name)) {
            throw new IllegalArgumentException(
                    "%s '%s' is not 1 to 64 letters, digits, '-' or '_'".formatted(what, name));
        }
        return name;
    }
}
