package dev.athanor.standalone.command;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Lists agents. */
@Command(
        name = "agents",
        mixinStandardHelpOptions = true,
        description = {
            "Lists the agents of a cluster: their state, free and all slots of each machine type, and how"
                    + " many sandboxes they keep hot.",
            "A cluster that asks for keys asks for an operator's."
        })
final class AgentsCommand implements Callable<Integer> {
    @Mixin private final DispatcherOptions dispatcher = new DispatcherOptions();

    @Override
    public Integer call() throws InterruptedException {
        JsonNode answer = dispatcher.ask().get("/v1/agents", Map.of());
        if (dispatcher.wantsJson()) {
            dispatcher.print(answer);
            return 0;
        }
        Table table = new Table("AGENT", "STATE", "VERSION", "FREE SLOTS", "HOT", "GPUS");
        for (JsonNode agent : answer.path("agents")) {
            table.row(
                    agent.path("id").asText(),
                    agent.path("state").asText(),
                    agent.path("version").asText(),
                    slots(agent.path("slots")),
                    agent.path("hot").size(),
                    agent.path("gpus").size());
        }
        dispatcher.print(table);
        return 0;
    }

    private static String slots(JsonNode slots) {
        List<String> texts = new ArrayList<>();
        for (JsonNode each : slots) {
            texts.add(
                    "%s %d/%d"
                            .formatted(
                                    each.path("machineType").asText(),
                                    each.path("free").asInt(),
                                    each.path("total").asInt()));
        }
        return String.join(", ", texts);
    }
}
