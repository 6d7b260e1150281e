package dev.athanor.standalone.command;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Shows a dead letter. */
@Command(
        name = "show",
        mixinStandardHelpOptions = true,
        description =
                "Shows what was given up and why; of a job, also the last lines that it printed.")
final class DeadLettersShowCommand implements Callable<Integer> {
    private static final int LAST_LINES = 20;

    @SuppressWarnings("FieldCanBeFinal") // Picocli assigns it.
    @Parameters(paramLabel = "LETTER", description = "The letter's id.")
    private String id = "";

    @Mixin private final DispatcherOptions dispatcher = new DispatcherOptions();

    @Override
    public Integer call() throws InterruptedException {
        DispatcherAnswers answers = dispatcher.ask();
        JsonNode letter =
                answers.get("/v1/dead-letters/" + DispatcherAnswers.encoded(id), Map.of());
        if (dispatcher.wantsJson()) {
            dispatcher.print(letter);
            return 0;
        }
        Table table = new Table("LETTER", letter.path("id").asText());
        add(table, "", letter);
        dispatcher.print(table);
        if (letter.at("/call/job").asBoolean()) {
            printLastLines(answers, letter.at("/call/correlationId").asText());
        }
        return 0;
    }

    private static void add(Table table, String prefix, JsonNode object) {
        for (Map.Entry<String, JsonNode> field : object.properties()) {
            if (field.getValue().isObject()) {
                add(table, field.getKey() + ".", field.getValue());
            } else if (!field.getKey().equals("id")) {
                table.row(prefix + field.getKey(), field.getValue().asText());
            }
        }
    }

    private void printLastLines(DispatcherAnswers answers, String job) throws InterruptedException {
        Deque<String> last = new ArrayDeque<>();
        boolean _ =
                answers.follow(
                        "/v1/jobs/%s/logs".formatted(DispatcherAnswers.encoded(job)),
                        Map.of("follow", false),
                        part -> {
                            for (JsonNode line : part.path("lines")) {
                                last.add(line.path("text").asText());
                                if (last.size() > LAST_LINES) {
                                    last.remove();
                                }
                            }
                        });
        if (!last.isEmpty()) {
            dispatcher.out().println();
            last.forEach(line -> dispatcher.out().println("    " + Table.printable(line)));
            dispatcher.out().flush();
        }
    }
}
