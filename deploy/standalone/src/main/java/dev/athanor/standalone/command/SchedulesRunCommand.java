package dev.athanor.standalone.command;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Makes a job of a schedule now. */
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        description = "Makes a job of a schedule now, paused or not, and prints its id.")
final class SchedulesRunCommand implements Callable<Integer> {
    @SuppressWarnings("FieldCanBeFinal") // Picocli assigns it.
    @Parameters(paramLabel = "SCHEDULE", description = "The schedule's name.")
    private String name = "";

    @Mixin private final DispatcherOptions dispatcher = new DispatcherOptions();

    @Override
    public Integer call() throws InterruptedException {
        JsonNode answer =
                dispatcher
                        .ask()
                        .post("/v1/schedules/%s/run".formatted(DispatcherAnswers.encoded(name)));
        if (dispatcher.wantsJson()) {
            dispatcher.print(answer);
            return 0;
        }
        dispatcher.out().println(Table.printable(answer.path("id").asText()));
        dispatcher.out().flush();
        return 0;
    }
}
