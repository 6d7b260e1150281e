package dev.athanor.standalone.command;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Lists queues. */
@Command(
        name = "queues",
        mixinStandardHelpOptions = true,
        description =
                "Lists machine types: how large they are, how many live agents serve them with how many"
                        + " slots, and how many calls wait.")
final class QueuesCommand implements Callable<Integer> {
    private static final long MEBI = 1L << 20;

    @Mixin private final DispatcherOptions dispatcher = new DispatcherOptions();

    @Override
    public Integer call() throws InterruptedException {
        JsonNode answer = dispatcher.ask().get("/v1/queues", Map.of());
        if (dispatcher.wantsJson()) {
            dispatcher.print(answer);
            return 0;
        }
        Table table =
                new Table("MACHINE TYPE", "CPUS", "MEMORY", "GPUS", "AGENTS", "SLOTS", "WAITING");
        for (JsonNode queue : answer.path("queues")) {
            JsonNode size = queue.path("size");
            table.row(
                    queue.path("machineType").asText(),
                    size.path("cpus").asText(),
                    size.isMissingNode()
                            ? ""
                            : "%,d MiB".formatted(size.path("memoryBytes").asLong() / MEBI),
                    gpus(size),
                    queue.path("agents").asInt(),
                    queue.path("slots").asInt(),
                    queue.path("waiting").asLong());
        }
        dispatcher.print(table);
        return 0;
    }

    private static String gpus(JsonNode size) {
        int gpus = size.path("gpus").asInt();
        return gpus == 0 ? "" : gpus + " " + size.path("gpuModel").asText();
    }
}
