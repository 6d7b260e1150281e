package dev.athanor.schemas.agents;

import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.schemas.AgentStatus;
import dev.athanor.schemas.MachineSize;
import dev.athanor.schemas.MachineTypeStatus;
import dev.athanor.schemas.SlotStatus;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MachineTypesServedTest {
    private static final MachineSize SMALL = new MachineSize(1.0, 1L << 30, 0, "");
    private static final MachineSize LARGE = new MachineSize(2.0, 8L << 30, 0, "");

    @Test
    void agentsOfAMachineTypeAndTheirSlotsAreCounted() {
        assertThat(
                        served(
                                agent("b", false, slots("M", 2, LARGE)),
                                agent("a", false, slots("M", 1, SMALL), slots("XS", 4, null))))
                .isEqualTo(
                        Map.of(
                                "M", new MachineTypeStatus("M", SMALL, 2, 3, 0),
                                "XS", new MachineTypeStatus("XS", null, 1, 4, 0)));
    }

    @Test
    void anAgentThatLeavesServesNothingButIsThere() {
        assertThat(
                        served(
                                agent("a", true, slots("M", 2, SMALL)),
                                agent("b", false, slots("M", 1, LARGE)),
                                agent("c", true, slots("L", 1, LARGE))))
                .isEqualTo(
                        Map.of(
                                "M", new MachineTypeStatus("M", LARGE, 1, 1, 1),
                                "L", new MachineTypeStatus("L", LARGE, 0, 0, 1)));
    }

    @Test
    void agentsThatAreNotLiveAndTypesWithoutSlotsDoNotCount() {
        List<SeenAgent> agents =
                List.of(
                        agent("dead", false, slots("M", 2, LARGE)),
                        agent("live", false, slots("XS", 0, SMALL)));

        assertThat(MachineTypesServed.by(agents, agent -> agent.status().getAgent().equals("live")))
                .isEmpty();
    }

    @Test
    void aTypeIsServedWhereALiveAgentTakesItsCalls() {
        List<SeenAgent> agents =
                List.of(
                        agent("leaves", true, slots("L", 1, LARGE)),
                        agent("stays", false, slots("M", 1, LARGE), slots("S", 0, SMALL)));

        assertThat(List.of("L", "M", "S"))
                .filteredOn(type -> MachineTypesServed.isServed(type, agents, agent -> true))
                .containsExactly("M");
        assertThat(MachineTypesServed.isServed("M", agents, agent -> false)).isFalse();
    }

    private static Map<String, MachineTypeStatus> served(SeenAgent... agents) {
        return MachineTypesServed.by(List.of(agents), agent -> true);
    }

    private static SeenAgent agent(String name, boolean leaves, SlotStatus... slots) {
        return new SeenAgent(
                new AgentStatus(name, 1L, "", 0L, List.of(slots), List.of(), List.of(), leaves), 0);
    }

    private static SlotStatus slots(String type, int total, MachineSize size) {
        return new SlotStatus(type, total, 0, false, size);
    }
}
