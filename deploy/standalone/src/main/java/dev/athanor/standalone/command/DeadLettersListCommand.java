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

/** Lists dead letters. */
@Command(
        name = "list",
        mixinStandardHelpOptions = true,
        description =
                "Lists what was given up, the newest first; an operator's key sees all of it.")
final class DeadLettersListCommand implements Callable<Integer> {
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
        ArrayNode letters =
                dispatcher.ask().list("/v1/dead-letters", Map.of(), "deadLetters", limit);
        if (dispatcher.wantsJson()) {
            ObjectNode answer = JsonNodeFactory.instance.objectNode();
            answer.set("deadLetters", letters);
            dispatcher.print(answer);
            return 0;
        }
        Table table = new Table("LETTER", "REASON", "FUNCTION", "CALL", "ATTEMPTS", "AGENT", "AT");
        for (JsonNode letter : letters) {
            table.row(
                    letter.path("id").asText(),
                    letter.path("reason").asText(),
                    letter.at("/call/function").asText(),
                    letter.at("/call/correlationId").asText(),
                    letter.path("attempts").asInt(),
                    letter.path("agent").asText(),
                    letter.path("at").asText());
        }
        dispatcher.print(table);
        return 0;
    }
}
