package dev.athanor.standalone.command;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Lists schedules. */
@Command(
        name = "list",
        mixinStandardHelpOptions = true,
        description = "Lists schedules by their names.")
final class SchedulesListCommand implements Callable<Integer> {
    @Mixin private final DispatcherOptions dispatcher = new DispatcherOptions();

    @Override
    public Integer call() throws InterruptedException {
        JsonNode answer = dispatcher.ask().get("/v1/schedules", Map.of());
        if (dispatcher.wantsJson()) {
            dispatcher.print(answer);
            return 0;
        }
        Table table = new Table("SCHEDULE", "CRON", "ZONE", "FUNCTION", "TYPE", "NEXT");
        for (JsonNode schedule : answer.path("schedules")) {
            table.row(
                    schedule.path("name").asText(),
                    schedule.path("cron").asText(),
                    schedule.path("zone").asText(),
                    schedule.path("function").asText(),
                    schedule.path("machineType").asText(),
                    schedule.path("paused").asBoolean()
                            ? "paused"
                            : schedule.path("nextAt").asText());
        }
        dispatcher.print(table);
        return 0;
    }
}
