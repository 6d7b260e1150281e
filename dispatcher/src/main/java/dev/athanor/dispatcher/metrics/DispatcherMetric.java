package dev.athanor.dispatcher.metrics;

/** Every meter of the dispatcher. Names and tags are public interface. */
public enum DispatcherMetric {
    /** Agents that have beaten lately, as this process sees them. */
    LIVE_AGENTS("athanor.supervision.agents.live", "Agents that have beaten lately"),
    /** Leases that this process supervises: calls that run for long. */
    LEASES("athanor.supervision.leases", "Leases supervised by this process"),
    /**
     * Invocations run again elsewhere, by reason: {@code silent}, {@code earlier_life}, {@code
     * gone}, {@code redelivered}.
     */
    REPUBLISHED("athanor.supervision.republished", "Invocations run again since an agent was lost"),
    /** Invocations given up, since they were lost with as many agents as they may be. */
    LOST("athanor.supervision.lost", "Invocations given up after their last attempt"),
    /** Leases and heartbeats that could not be read, and were left alone. */
    UNDECODABLE("athanor.supervision.undecodable", "Leases and heartbeats that cannot be read"),
    /** Records that nobody vouched for, by kind and reason, as agents count them. */
    REFUSED("athanor.refused.records", "Records refused since nobody vouched for them"),
    /** Events of jobs that were written into the ledger. */
    LEDGER_APPLIED("athanor.ledger.applied", "Events of jobs applied to the ledger"),
    /** Records that are no events of jobs that are kept, and were left out. */
    LEDGER_REFUSED("athanor.ledger.refused", "Records left out of the ledger"),
    /** Records that Kafka itself gave up: should stay 0, alarm on any. */
    GROUP_DEAD_LETTERS("athanor.group.dead.letters", "Records given up by a share group");

    private final String meterName;
    private final String description;

    DispatcherMetric(String meterName, String description) {
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
