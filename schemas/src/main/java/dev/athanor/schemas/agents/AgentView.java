package dev.athanor.schemas.agents;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The agents as one process saw them. Immutable.
 *
 * <p>Nothing here compares the clocks of two machines: an agent is silent for as long as the reader
 * knows that it read everything and found nothing of it. A reader that is cut off from Kafka, or
 * was frozen itself, therefore finds nobody silent.
 */
public final class AgentView {
    private final Map<String, SeenAgent> agents;
    private final List<SeenAgent> departed;
    private final @Nullable Long confirmedAtNanos;

    AgentView(
            Map<String, SeenAgent> agents,
            Collection<SeenAgent> departed,
            @Nullable Long confirmedAtNanos) {
        this.agents = Map.copyOf(agents);
        this.departed = List.copyOf(departed);
        this.confirmedAtNanos = confirmedAtNanos;
    }

    static AgentView empty() {
        return new AgentView(Map.of(), List.of(), null);
    }

    @Nullable Long confirmedAtNanos() {
        return confirmedAtNanos;
    }

    AgentView confirmedAt(long nanos) {
        return new AgentView(agents, departed, nanos);
    }

    /** Every agent that has not closed cleanly, dead ones included. */
    public Collection<SeenAgent> agents() {
        return agents.values();
    }

    /** The last heartbeats of agents that closed cleanly within the last minute or so. */
    public Collection<SeenAgent> departed() {
        return departed;
    }

    /** The agent's last heartbeat; empty when it has none, or closed cleanly. */
    public Optional<SeenAgent> find(String agent) {
        return Optional.ofNullable(agents.get(agent));
    }

    /** Whether everything that was there when the reader began has been read. */
    public boolean isComplete() {
        return confirmedAtNanos != null;
    }

    /**
     * Whether this holds every heartbeat that was durable at that time.
     *
     * @param nanos by the reader's ticker
     */
    public boolean includes(long nanos) {
        return confirmedAtNanos != null && confirmedAtNanos - nanos > 0;
    }

    /** For how long the agent has not beaten, at least; zero when there is no saying. */
    public Duration silence(SeenAgent agent) {
        return confirmedAtNanos == null
                ? Duration.ZERO
                : Duration.ofNanos(Math.max(0, confirmedAtNanos - agent.seenAtNanos()));
    }
}
