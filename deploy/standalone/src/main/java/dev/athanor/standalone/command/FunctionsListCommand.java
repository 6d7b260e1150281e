package dev.athanor.standalone.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Lists functions. */
@Command(
        name = "list",
        mixinStandardHelpOptions = true,
        description = "Lists the functions that are deployed, by name.")
final class FunctionsListCommand implements Callable<Integer> {
    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "1000",
            description = "How many at most. Default: ${DEFAULT-VALUE}.")
    private int limit;

    @Mixin private final DispatcherOptions dispatcher = new DispatcherOptions();

    @Override
    public Integer call() throws InterruptedException {
        if (limit < 1) {
            throw new IllegalArgumentException("--limit must be 1 or more, got " + limit);
        }
        ArrayNode functions = dispatcher.ask().list("/v1/functions", Map.of(), "functions", limit);
        if (dispatcher.wantsJson()) {
            ObjectNode answer = JsonNodeFactory.instance.objectNode();
            answer.set("functions", functions);
            dispatcher.print(answer);
            return 0;
        }
        Table table = new Table("FUNCTION", "VERSION", "LANGUAGE", "TYPE", "DEPLOYED");
        for (JsonNode function : functions) {
            table.row(
                    function.path("name").asText(),
                    function.path("version").asInt(),
                    function.path("language").asText(),
                    function.path("machineType").asText(),
                    function.path("createdAt").asText());
        }
        dispatcher.print(table);
        return 0;
    }
}
