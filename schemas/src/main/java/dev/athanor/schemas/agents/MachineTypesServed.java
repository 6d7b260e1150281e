package dev.athanor.schemas.agents;

import dev.athanor.schemas.AgentStatus;
import dev.athanor.schemas.MachineTypeStatus;
import dev.athanor.schemas.SlotStatus;
import dev.athanor.schemas.Topics;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/** Which machine types agents serve, as their heartbeats say. */
public final class MachineTypesServed {
    private MachineTypesServed() {}

    /**
     * By name, those that at least one of the agents has slots of. Where agents have them in
     * different sizes, that of the first agent by name that takes calls stands.
     *
     * @param isLive says which agents count
     */
    public static SortedMap<String, MachineTypeStatus> by(
            Collection<SeenAgent> agents, Predicate<SeenAgent> isLive) {
        List<AgentStatus> live =
                agents.stream()
                        .filter(isLive)
                        .map(SeenAgent::status)
                        .sorted(
                                Comparator.comparing(AgentStatus::getDraining)
                                        .thenComparing(AgentStatus::getAgent))
                        .toList();
        SortedMap<String, MachineTypeStatus> types = new TreeMap<>();
        for (AgentStatus agent : live) {
            for (SlotStatus slots : agent.getSlots()) {
                if (slots.getTotal() > 0 && Topics.isName(slots.getMachineType())) {
                    types.merge(
                            slots.getMachineType(), served(agent, slots), MachineTypesServed::sum);
                }
            }
        }
        return types;
    }

    /**
     * Whether one of the agents takes calls of the machine type.
     *
     * @param isLive says which agents count
     */
    public static boolean isServed(
            String machineType, Collection<SeenAgent> agents, Predicate<SeenAgent> isLive) {
        return agents.stream().anyMatch(agent -> serves(agent, machineType) && isLive.test(agent));
    }

    private static boolean serves(SeenAgent agent, String machineType) {
        return !agent.status().getDraining()
                && agent.status().getSlots().stream()
                        .anyMatch(slots ->
                                slots.getTotal() > 0 && slots.getMachineType().equals(machineType));
    }

    private static MachineTypeStatus served(AgentStatus agent, SlotStatus slots) {
        boolean leaves = agent.getDraining();
        return new MachineTypeStatus(
                slots.getMachineType(),
                slots.getSize(),
                leaves ? 0 : 1,
                leaves ? 0 : slots.getTotal(),
                leaves ? 1 : 0);
    }

    private static MachineTypeStatus sum(MachineTypeStatus one, MachineTypeStatus other) {
        return new MachineTypeStatus(
                one.getName(),
                one.getSize() == null ? other.getSize() : one.getSize(),
                one.getAgents() + other.getAgents(),
                one.getSlots() + other.getSlots(),
                one.getLeaving() + other.getLeaving());
    }
}
