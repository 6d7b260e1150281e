package dev.athanor.standalone.command;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Cancels a job. */
@Command(
        name = "cancel",
        mixinStandardHelpOptions = true,
        description =
                "Has a job stopped, and says what came of that: it was cancelled while it was queued,"
                        + " and never runs; that was requested of its agent, which interrupts it; or"
                        + " it had finished already.")
final class JobsCancelCommand implements Callable<Integer> {
    @SuppressWarnings("FieldCanBeFinal") // Picocli assigns it.
    @Parameters(paramLabel = "JOB", description = "The job's id.")
    private String id = "";

    @Mixin private final DispatcherOptions dispatcher = new DispatcherOptions();

    @Override
    public Integer call() throws InterruptedException {
        JsonNode answer = dispatcher.ask().delete("/v1/jobs/" + DispatcherAnswers.encoded(id));
        if (dispatcher.wantsJson()) {
            dispatcher.print(answer);
            return 0;
        }
        String state = answer.path("job").path("state").asText();
        String what = answer.path("answer").asText();
        String text =
                switch (what) {
                    case "CANCELLED_WHILE_QUEUED" -> "cancelled, and it never runs";
                    case "REQUESTED" -> "cancellation requested; it is %s now".formatted(state);
                    case "ALREADY_FINISHED" -> "had finished already: " + state;
                    default -> what;
                };
        dispatcher.out().println(Table.printable("Job %s: %s.".formatted(id, text)));
        dispatcher.out().flush();
        return 0;
    }
}
