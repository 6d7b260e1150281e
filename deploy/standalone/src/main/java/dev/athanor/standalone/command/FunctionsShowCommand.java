package dev.athanor.standalone.command;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows a function. */
@Command(
        name = "show",
        mixinStandardHelpOptions = true,
        description = "Shows a function: what it takes, what it runs with, and its code.")
final class FunctionsShowCommand implements Callable<Integer> {
    @SuppressWarnings("FieldCanBeFinal") // Picocli assigns it.
    @Parameters(paramLabel = "NAME", description = "What the function is deployed under.")
    private String name = "";

    @Option(names = "--version-number", paramLabel = "N", description = "Default: the current one.")
    private @Nullable Integer version;

    @Mixin private final DispatcherOptions dispatcher = new DispatcherOptions();

    @Override
    public Integer call() throws InterruptedException {
        String path = FunctionsCommand.path(name);
        JsonNode function =
                dispatcher
                        .ask()
                        .get(version == null ? path : path + "/versions/" + version, Map.of());
        if (dispatcher.wantsJson()) {
            dispatcher.print(function);
            return 0;
        }
        Table table = new Table("FUNCTION", function.path("name").asText());
        table.row("version", function.path("version").asInt());
        table.row("current", function.path("current").asBoolean());
        table.row("deployed", function.path("createdAt").asText());
        for (Map.Entry<String, JsonNode> field : function.path("deployment").properties()) {
            JsonNode value = field.getValue();
            if (!field.getKey().equals("parameters")
                    && !(value.isContainerNode() && value.isEmpty())) {
                table.row(field.getKey(), value.isTextual() ? value.asText() : value.toString());
            }
        }
        for (JsonNode parameter : function.at("/deployment/parameters")) {
            table.row(
                    "parameter " + parameter.path("name").asText(),
                    parameter.path("schema").toString()
                            + (parameter.path("required").asBoolean() ? "" : " (optional)"));
        }
        dispatcher.print(table);
        return 0;
    }
}
