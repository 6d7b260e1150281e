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

/** Lists batches. */
@Command(
        name = "list",
        mixinStandardHelpOptions = true,
        description = "Lists batches, the newest first.")
final class BatchesListCommand implements Callable<Integer> {
    private static final int LONGEST_PAGE = 1_000;

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
        ArrayNode batches = batches();
        if (dispatcher.wantsJson()) {
            ObjectNode answer = JsonNodeFactory.instance.objectNode();
            answer.set("batches", batches);
            dispatcher.print(answer);
            return 0;
        }
        Table table = new Table("BATCH", "FUNCTION", "MEMBERS", "STATE", "TYPE", "CREATED");
        for (JsonNode batch : batches) {
            table.row(
                    batch.path("id").asText(),
                    batch.path("function").asText(),
                    batch.path("total").asInt(),
                    state(batch),
                    batch.path("machineType").asText(),
                    batch.path("createdAt").asText());
        }
        dispatcher.print(table);
        return 0;
    }

    private static String state(JsonNode batch) {
        if (batch.path("cancelled").asBoolean()) {
            return "CANCELLED";
        }
        return batch.path("ended").asBoolean() ? "ENDED" : "UNDER WAY";
    }

    private ArrayNode batches() throws InterruptedException {
        DispatcherAnswers answers = dispatcher.ask();
        ArrayNode batches = JsonNodeFactory.instance.arrayNode();
        @Nullable String cursor = null;
        do {
            Map<String, @Nullable Object> query = new HashMap<>();
            query.put("limit", Math.min(LONGEST_PAGE, limit - batches.size()));
            query.put("cursor", cursor);
            JsonNode page = answers.get("/v1/batches", query);
            page.path("batches").forEach(batches::add);
            cursor = page.has("next") ? page.get("next").asText() : null;
        } while (cursor != null && batches.size() < limit);
        return batches;
    }
}
