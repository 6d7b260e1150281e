package dev.athanor.standalone.command;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows what a job prints. */
@Command(
        name = "logs",
        mixinStandardHelpOptions = true,
        description = {
            "Shows what a job printed, with the output of its environment's build, from the first line.",
            "With --json, one line of JSON for each part: attempt, index of its first line, lines."
        })
final class JobsLogsCommand implements Callable<Integer> {
    @SuppressWarnings("FieldCanBeFinal") // Picocli assigns it.
    @Parameters(paramLabel = "JOB", description = "The job's id.")
    private String id = "";

    @Option(
            names = "--follow",
            description = "Goes on with what it prints from now on, until it has ended.")
    private boolean follow;

    @Mixin private final DispatcherOptions dispatcher = new DispatcherOptions();

    @Override
    public Integer call() throws InterruptedException {
        boolean isWhole =
                dispatcher
                        .ask()
                        .follow(
                                "/v1/jobs/%s/logs".formatted(DispatcherAnswers.encoded(id)),
                                Map.of("follow", follow),
                                this::show);
        if (!isWhole) {
            throw new DispatcherException("the connection was lost: ask again", null);
        }
        return 0;
    }

    private void show(JsonNode part) {
        if (dispatcher.wantsJson()) {
            dispatcher.out().println(part);
        } else {
            for (JsonNode line : part.path("lines")) {
                String text = Table.printable(line.path("text").asText());
                boolean isOwn = line.path("source").asText().equals("FUNCTION");
                dispatcher.out().println(isOwn ? text : "[build] " + text);
            }
        }
        dispatcher.out().flush();
    }
}
