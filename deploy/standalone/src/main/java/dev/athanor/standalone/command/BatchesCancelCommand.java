package dev.athanor.standalone.command;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Cancels a batch. */
@Command(
        name = "cancel",
        mixinStandardHelpOptions = true,
        description =
                "Has a batch stopped as a whole: what waits never runs, what runs is interrupted.")
final class BatchesCancelCommand implements Callable<Integer> {
    @SuppressWarnings("FieldCanBeFinal") // Picocli assigns it.
    @Parameters(paramLabel = "BATCH", description = "The batch's id.")
    private String id = "";

    @Mixin private final DispatcherOptions dispatcher = new DispatcherOptions();

    @Override
    public Integer call() throws InterruptedException {
        JsonNode answer = dispatcher.ask().delete("/v1/batches/" + DispatcherAnswers.encoded(id));
        if (dispatcher.wantsJson()) {
            dispatcher.print(answer);
            return 0;
        }
        String what = answer.path("answer").asText();
        String text =
                switch (what) {
                    case "CANCELLED" -> "cancelled";
                    case "REQUESTED" -> "cancellation requested";
                    case "ALREADY_FINISHED" -> "had finished already";
                    default -> what;
                };
        dispatcher
                .out()
                .println(
                        Table.printable(
                                "Batch %s: %s. %s"
                                        .formatted(
                                                id, text, ProgressBar.line(answer.path("batch")))));
        dispatcher.out().flush();
        return 0;
    }
}
