package dev.athanor.standalone.command;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Runs a call that was given up once more. */
@Command(
        name = "replay",
        mixinStandardHelpOptions = true,
        description =
                "Runs the call of a dead letter again, as a new job of its tenant with all attempts"
                        + " before it, and prints that job's id. The letter stays.")
final class DeadLettersReplayCommand implements Callable<Integer> {
    @SuppressWarnings("FieldCanBeFinal") // Picocli assigns it.
    @Parameters(paramLabel = "LETTER", description = "The letter's id.")
    private String id = "";

    @Mixin private final DispatcherOptions dispatcher = new DispatcherOptions();

    @Override
    public Integer call() throws InterruptedException {
        JsonNode answer =
                dispatcher
                        .ask()
                        .post(
                                "/v1/dead-letters/%s/replay"
                                        .formatted(DispatcherAnswers.encoded(id)));
        if (dispatcher.wantsJson()) {
            dispatcher.print(answer);
        } else {
            dispatcher.out().println(Table.printable(answer.path("id").asText()));
            dispatcher.out().flush();
        }
        return 0;
    }
}
