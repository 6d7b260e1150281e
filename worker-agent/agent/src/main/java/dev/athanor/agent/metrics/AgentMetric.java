package dev.athanor.agent.metrics;

/** Every meter of the agent. Names and tags are public interface. */
public enum AgentMetric {
    /** Slots by machine type and state: {@code free} or {@code busy}. */
    SLOTS("athanor.slots", "Slots of this agent"),
    /** Live sandboxes by machine type and state: {@code idle} or {@code busy}. */
    SANDBOXES("athanor.sandboxes", "Live sandboxes, idle ones being hot"),
    /** Ended calls by machine type, outcome and whether the sandbox was hot. */
    CALLS("athanor.calls", "Calls that ended"),
    /**
     * Time of calls by phase: {@code queue}, {@code build}, {@code start}, {@code run}, {@code
     * reply}.
     */
    CALL_PHASE("athanor.call.phase", "Where the time of calls goes"),
    /** Calls that went over to a lease because they ran on. */
    HAND_OVERS("athanor.calls.handed.over", "Calls that went over to a lease"),
    /** Invocations put back into their queue, by reason. */
    REPUBLISHED("athanor.invocations.republished", "Invocations put back into their queue"),
    /** Dead letters by reason. */
    DEAD_LETTERS("athanor.dead.letters", "Records that were given up"),
    /** Log lines that were dropped. */
    DROPPED_LOG_LINES("athanor.log.lines.dropped", "Log lines dropped for printing too fast"),
    /**
     * Cancellations read, by result: {@code stopped} a call here, {@code noted} for one that may
     * come, {@code dropped} as none.
     */
    CANCELLATIONS("athanor.cancellations", "Cancellations that were read"),
    /**
     * Records that nobody vouched for, by what they were to be, {@code invocation} or {@code
     * cancellation}, and by reason: {@code unsigned}, {@code unknown_key}, {@code wrong_signature},
     * {@code revoked_key}, {@code wrong_role}, {@code forged}, {@code stale}, {@code replayed},
     * {@code other_tenant}.
     */
    REFUSED("athanor.refused.records", "Records refused since nobody vouched for them"),
    /** Environments built, by result. */
    BUILDS("athanor.environment.builds", "Environments asked for that were not there yet");

    private final String meterName;
    private final String description;

    AgentMetric(String meterName, String description) {
        this.meterName = meterName;
        this.description = description;
    }

    public String meterName() {
        return meterName;
    }

    public String description() {
        return description;
    }
}
