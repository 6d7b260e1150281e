package dev.athanor.agent;

import dev.athanor.schemas.agents.AgentDirectory;
import dev.athanor.schemas.agents.AgentView;
import dev.athanor.schemas.agents.MachineTypesServed;
import java.time.Duration;
import java.util.stream.Stream;

/** What an agent knows of all agents, itself included. Safe for any number of threads. */
final class OtherAgents {
    /** A record that an agent was lost with is redelivered within its lock's 30 s. */
    private static final Duration LATELY = Duration.ofMinutes(1);

    private final AgentDirectory directory;
    private final Duration patience;

    /**
     * @param patience for how long an agent may be silent
     */
    OtherAgents(AgentDirectory directory, Duration patience) {
        this.directory = directory;
        this.patience = patience;
    }

    /**
     * Whether an agent that lives takes calls of the machine type; false when there is no saying.
     */
    boolean serve(String machineType) {
        AgentView view = directory.view();
        return view.isComplete()
                && MachineTypesServed.isServed(
                        machineType,
                        view.agents(),
                        agent -> view.silence(agent).compareTo(patience) < 0);
    }

    /**
     * Whether an agent may lately have held records of the machine type whose calls it had not
     * started; true when there is no saying.
     */
    boolean takeMany(String machineType) {
        AgentView view = directory.view();
        return !view.isComplete()
                || Stream.concat(view.agents().stream(), view.departed().stream())
                        .filter(agent -> view.silence(agent).compareTo(LATELY) < 0)
                        .flatMap(agent -> agent.status().getSlots().stream())
                        .anyMatch(slot ->
                                slot.getTakesMany() && slot.getMachineType().equals(machineType));
    }
}
