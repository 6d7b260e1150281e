package dev.athanor.standalone.command;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Runs again what failed of a batch. */
@Command(
        name = "rerun",
        mixinStandardHelpOptions = true,
        description = "Has those members run again that have failed; all others stay as they are.")
final class BatchesRerunCommand implements Callable<Integer> {
    @SuppressWarnings("FieldCanBeFinal") // Picocli assigns it.
    @Parameters(paramLabel = "BATCH", description = "The batch's id.")
    private String id = "";

    @Mixin private final DispatcherOptions dispatcher = new DispatcherOptions();

    @Override
    public Integer call() throws InterruptedException {
        JsonNode answer =
                dispatcher
                        .ask()
                        .post("/v1/batches/%s/rerun".formatted(DispatcherAnswers.encoded(id)));
        if (dispatcher.wantsJson()) {
            dispatcher.print(answer);
            return 0;
        }
        dispatcher
                .out()
                .println(Table.printable("Batch %s: %s".formatted(id, ProgressBar.line(answer))));
        dispatcher.out().flush();
        return 0;
    }
}
