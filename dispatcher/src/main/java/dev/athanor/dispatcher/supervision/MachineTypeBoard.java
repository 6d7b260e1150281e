package dev.athanor.dispatcher.supervision;

import dev.athanor.schemas.MachineTypeStatus;
import dev.athanor.schemas.agents.AgentView;
import dev.athanor.schemas.agents.MachineTypesServed;
import dev.athanor.schemas.agents.SeenAgent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What was written about machine types, and what is to be written next. For one thread. */
final class MachineTypeBoard {
    /** Callers believe what is up to 2 minutes old. */
    static final Duration REFRESH = Duration.ofSeconds(30);

    private final Duration patience;
    private final Map<String, Written> written = new TreeMap<>();
    private @Nullable Long watchingSince;

    private record Written(MachineTypeStatus status, long offset, long atNanos) {}

    /**
     * @param patience for how long an agent may be silent
     */
    MachineTypeBoard(Duration patience) {
        this.patience = patience;
    }

    /** A record was read, or is durable; one that was superseded meanwhile is passed over. */
    void written(String name, MachineTypeStatus status, long offset, long nowNanos) {
        Written last = written.get(name);
        if (last == null || last.offset() < offset) {
            written.put(name, new Written(status, offset, nowNanos));
        }
    }

    /** The record of the type is none any more. */
    void forget(String name) {
        written.remove(name);
    }

    /**
     * What is to be written now.
     *
     * @param view a complete one
     */
    List<MachineTypeStatus> due(AgentView view, long nowNanos) {
        long since = watchingSince == null ? nowNanos : watchingSince;
        watchingSince = since;
        boolean settled = nowNanos - since >= patience.toNanos();
        SortedMap<String, MachineTypeStatus> served =
                MachineTypesServed.by(view.agents(), agent -> isLive(agent, view, since));
        List<MachineTypeStatus> due = new ArrayList<>();
        served.values().stream()
                .filter(status -> isDue(status, settled, nowNanos))
                .forEach(due::add);
        written.values().stream()
                .map(Written::status)
                .filter(status -> !served.containsKey(status.getName()))
                .map(status -> new MachineTypeStatus(status.getName(), status.getSize(), 0, 0, 0))
                .filter(status -> isDue(status, settled, nowNanos))
                .forEach(due::add);
        return due;
    }

    /** What lay in the topic when this began may be of agents that died long ago. */
    private boolean isLive(SeenAgent agent, AgentView view, long since) {
        return agent.seenAtNanos() - since > 0 && view.silence(agent).compareTo(patience) < 0;
    }

    /** Before it has settled, an agent that was not heard of may beat the next moment. */
    private boolean isDue(MachineTypeStatus status, boolean settled, long nowNanos) {
        Optional<Written> last = Optional.ofNullable(written.get(status.getName()));
        if (last.isEmpty()) {
            return settled || status.getAgents() > 0;
        }
        MachineTypeStatus told = last.get().status();
        if (told.equals(status)) {
            return status.getAgents() == 0 && nowNanos - last.get().atNanos() > REFRESH.toNanos();
        }
        return settled || status.getAgents() > told.getAgents();
    }
}
