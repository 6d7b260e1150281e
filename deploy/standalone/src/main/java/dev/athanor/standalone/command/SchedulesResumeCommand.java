package dev.athanor.standalone.command;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Lets a schedule fire again from now on. */
@Command(
        name = "resume",
        mixinStandardHelpOptions = true,
        description =
                "Lets a schedule fire again from now on. What it would have fired meanwhile is not made up for.")
final class SchedulesResumeCommand implements Callable<Integer> {
    @SuppressWarnings("FieldCanBeFinal") // Picocli assigns it.
    @Parameters(paramLabel = "SCHEDULE", description = "The schedule's name.")
    private String name = "";

    @Mixin private final DispatcherOptions dispatcher = new DispatcherOptions();

    @Override
    public Integer call() throws InterruptedException {
        JsonNode answer =
                dispatcher
                        .ask()
                        .post("/v1/schedules/%s/resume".formatted(DispatcherAnswers.encoded(name)));
        if (dispatcher.wantsJson()) {
            dispatcher.print(answer);
            return 0;
        }
        dispatcher.out().println(Table.printable("Schedule %s fires again.".formatted(name)));
        dispatcher.out().flush();
        return 0;
    }
}
