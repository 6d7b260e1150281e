package dev.athanor.standalone.command;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows a batch. */
@Command(
        name = "show",
        mixinStandardHelpOptions = true,
        description = "Shows a batch, how its members fare, and why the first of them failed.")
final class BatchesShowCommand implements Callable<Integer> {
    private static final int SHOWN_FAILURES = 10;

    @SuppressWarnings("FieldCanBeFinal") // Picocli assigns it.
    @Parameters(paramLabel = "BATCH", description = "The batch's id.")
    private String id = "";

    @Option(
            names = "--follow",
            description =
                    "Shows a bar on a terminal, and lines elsewhere, until the batch has ended.")
    private boolean follow;

    @Option(
            names = "--interval",
            paramLabel = "SECONDS",
            defaultValue = "2",
            description = "How often --follow asks, 1 or more. Default: ${DEFAULT-VALUE}.")
    private int interval;

    @Mixin private final DispatcherOptions dispatcher = new DispatcherOptions();

    @Override
    public Integer call() throws InterruptedException {
        if (interval < 1) {
            throw new IllegalArgumentException("--interval must be 1 or more, got " + interval);
        }
        DispatcherAnswers answers = dispatcher.ask();
        String path = "/v1/batches/" + DispatcherAnswers.encoded(id);
        JsonNode batch = answers.get(path, Map.of());
        if (follow) {
            batch = followed(answers, path, batch);
        }
        if (dispatcher.wantsJson()) {
            dispatcher.print(batch);
            return 0;
        }
        Table table = new Table("BATCH", batch.path("id").asText());
        for (Map.Entry<String, JsonNode> field : batch.properties()) {
            if (!field.getKey().equals("id") && !field.getValue().isObject()) {
                table.row(field.getKey(), field.getValue().asText());
            }
        }
        batch.path("counts")
                .properties()
                .forEach(count -> table.row(count.getKey(), count.getValue().asInt()));
        dispatcher.print(table);
        if (batch.at("/counts/failed").asInt() > 0) {
            print(answers.get(path + "/results", Map.of("failed", true, "limit", SHOWN_FAILURES)));
        }
        return 0;
    }

    private JsonNode followed(DispatcherAnswers answers, String path, JsonNode first)
            throws InterruptedException {
        ProgressBar bar = new ProgressBar(dispatcher.out(), !dispatcher.wantsJson());
        JsonNode batch = first;
        // Ctrl-C ends the process.
        CountDownLatch never = new CountDownLatch(1);
        bar.show(batch);
        while (!batch.path("ended").asBoolean()) {
            boolean _ = never.await(interval, TimeUnit.SECONDS);
            batch = answers.get(path, Map.of());
            bar.show(batch);
        }
        bar.end();
        return batch;
    }

    private void print(JsonNode failures) {
        PrintWriter out = dispatcher.out();
        out.println();
        Table table = new Table("MEMBER", "JOB", "OUTCOME", "WHY");
        for (JsonNode member : failures.path("results")) {
            table.row(
                    member.path("index").asInt(),
                    member.path("job").asText(),
                    member.path("outcome").asText(),
                    member.at("/failure/message").asText());
        }
        dispatcher.print(table);
    }
}
