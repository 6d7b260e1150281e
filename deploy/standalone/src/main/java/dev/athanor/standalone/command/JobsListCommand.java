package dev.athanor.standalone.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Lists jobs. */
@Command(
        name = "list",
        mixinStandardHelpOptions = true,
        description = "Lists jobs, the newest first.")
final class JobsListCommand implements Callable<Integer> {
    @Option(names = "--function", description = "Of this function only.")
    private @Nullable String function;

    @Option(
            names = "--state",
            description =
                    "In this state only: queued, building, starting, running, succeeded, failed,"
                            + " timed_out, cancelled, expired, lost, retrying or scheduled.")
    private @Nullable String state;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "50",
            description = "How many at most. Default: ${DEFAULT-VALUE}.")
    private int limit;

    @Mixin private final DispatcherOptions dispatcher = new DispatcherOptions();

    @Override
    public Integer call() throws InterruptedException {
        if (limit < 1) {
            throw new IllegalArgumentException("--limit must be 1 or more, got " + limit);
        }
        ArrayNode jobs = jobs();
        if (dispatcher.wantsJson()) {
            ObjectNode answer = JsonNodeFactory.instance.objectNode();
            answer.set("jobs", jobs);
            dispatcher.print(answer);
            return 0;
        }
        Table table = new Table("JOB", "FUNCTION", "STATE", "ATTEMPT", "TYPE", "AGENT", "CREATED");
        for (JsonNode job : jobs) {
            table.row(
                    job.path("id").asText(),
                    job.path("function").asText(),
                    job.path("state").asText(),
                    job.path("attempt").asInt(),
                    job.path("machineType").asText(),
                    job.path("agent").asText(),
                    job.path("createdAt").asText());
        }
        dispatcher.print(table);
        return 0;
    }

    private ArrayNode jobs() throws InterruptedException {
        Map<String, @Nullable Object> query = new HashMap<>();
        query.put("function", function);
        query.put("state", state);
        return dispatcher.ask().list("/v1/jobs", query, "jobs", limit);
    }
}
