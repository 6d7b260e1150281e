package dev.athanor.standalone.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows a schedule and what became of its times. */
@Command(
        name = "show",
        mixinStandardHelpOptions = true,
        description = "Shows a schedule, and the jobs that it made in the last 30 days.")
final class SchedulesShowCommand implements Callable<Integer> {
    @SuppressWarnings("FieldCanBeFinal") // Picocli assigns it.
    @Parameters(paramLabel = "SCHEDULE", description = "The schedule's name.")
    private String name = "";

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "15",
            description = "How many jobs at most, the newest first. Default: ${DEFAULT-VALUE}.")
    private int limit;

    @Mixin private final DispatcherOptions dispatcher = new DispatcherOptions();

    @Override
    public Integer call() throws InterruptedException {
        DispatcherAnswers answers = dispatcher.ask();
        String path = "/v1/schedules/" + DispatcherAnswers.encoded(name);
        JsonNode schedule = answers.get(path, Map.of());
        JsonNode firings = answers.get(path + "/firings", Map.of("limit", limit)).path("firings");
        if (dispatcher.wantsJson()) {
            ObjectNode all = schedule.deepCopy();
            all.set("firings", firings);
            dispatcher.print(all);
            return 0;
        }
        Table table = new Table("SCHEDULE", schedule.path("name").asText());
        for (Map.Entry<String, JsonNode> field : schedule.properties()) {
            if (!field.getKey().equals("name")) {
                table.row(field.getKey(), field.getValue().asText());
            }
        }
        dispatcher.print(table);
        Table jobs = new Table("FOR", "KIND", "JOB");
        for (JsonNode firing : firings) {
            jobs.row(
                    firing.path("fireAt").asText(),
                    firing.path("kind").asText(),
                    firing.path("job").asText());
        }
        dispatcher.print(jobs);
        return 0;
    }
}
