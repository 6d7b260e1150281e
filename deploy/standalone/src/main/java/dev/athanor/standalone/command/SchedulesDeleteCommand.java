package dev.athanor.standalone.command;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Deletes a schedule. */
@Command(
        name = "delete",
        mixinStandardHelpOptions = true,
        description = "Deletes a schedule; jobs that it made go on.")
final class SchedulesDeleteCommand implements Callable<Integer> {
    @SuppressWarnings("FieldCanBeFinal") // Picocli assigns it.
    @Parameters(paramLabel = "SCHEDULE", description = "The schedule's name.")
    private String name = "";

    @Mixin private final DispatcherOptions dispatcher = new DispatcherOptions();

    @Override
    public Integer call() throws InterruptedException {
        JsonNode answer =
                dispatcher.ask().delete("/v1/schedules/" + DispatcherAnswers.encoded(name));
        if (dispatcher.wantsJson()) {
            dispatcher.print(answer);
            return 0;
        }
        dispatcher.out().println(Table.printable("Schedule %s deleted.".formatted(name)));
        dispatcher.out().flush();
        return 0;
    }
}
