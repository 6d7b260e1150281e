package dev.athanor.standalone.command;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Keeps a schedule from firing; jobs that it made go on. */
@Command(
        name = "pause",
        mixinStandardHelpOptions = true,
        description = "Keeps a schedule from firing; jobs that it made go on.")
final class SchedulesPauseCommand implements Callable<Integer> {
    @SuppressWarnings("FieldCanBeFinal") // Picocli assigns it.
    @Parameters(paramLabel = "SCHEDULE", description = "The schedule's name.")
    private String name = "";

    @Mixin private final DispatcherOptions dispatcher = new DispatcherOptions();

    @Override
    public Integer call() throws InterruptedException {
        JsonNode answer =
                dispatcher
                        .ask()
                        .post("/v1/schedules/%s/pause".formatted(DispatcherAnswers.encoded(name)));
        if (dispatcher.wantsJson()) {
            dispatcher.print(answer);
            return 0;
        }
        dispatcher.out().println(Table.printable("Schedule %s is paused.".formatted(name)));
        dispatcher.out().flush();
        return 0;
    }
}
