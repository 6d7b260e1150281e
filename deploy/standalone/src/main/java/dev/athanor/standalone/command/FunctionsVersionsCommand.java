package dev.athanor.standalone.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Lists versions of a function. */
@Command(
        name = "versions",
        mixinStandardHelpOptions = true,
        description = "Lists the versions of a function, the newest first.")
final class FunctionsVersionsCommand implements Callable<Integer> {
    private static final int MOST = 1_000;

    @SuppressWarnings("FieldCanBeFinal") // Picocli assigns it.
    @Parameters(paramLabel = "NAME", description = "What the function is deployed under.")
    private String name = "";

    @Mixin private final DispatcherOptions dispatcher = new DispatcherOptions();

    @Override
    public Integer call() throws InterruptedException {
        ArrayNode versions =
                dispatcher
                        .ask()
                        .list(
                                FunctionsCommand.path(name) + "/versions",
                                Map.of(),
                                "versions",
                                MOST);
        if (dispatcher.wantsJson()) {
            ObjectNode answer = JsonNodeFactory.instance.objectNode();
            answer.set("versions", versions);
            dispatcher.print(answer);
            return 0;
        }
        Table table = new Table("VERSION", "CURRENT", "TYPE", "DEPLOYED");
        for (JsonNode version : versions) {
            table.row(
                    version.path("version").asInt(),
                    version.path("current").asBoolean() ? "current" : "",
                    version.path("machineType").asText(),
                    version.path("createdAt").asText());
        }
        dispatcher.print(table);
        return 0;
    }
}
