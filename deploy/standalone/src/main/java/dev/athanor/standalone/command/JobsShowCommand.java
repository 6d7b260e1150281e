package dev.athanor.standalone.command;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows a job. */
@Command(
        name = "show",
        mixinStandardHelpOptions = true,
        description =
                "Shows a job: where it is, how it fared, and what its function returned or threw.")
final class JobsShowCommand implements Callable<Integer> {
    @SuppressWarnings("FieldCanBeFinal") // Picocli assigns it.
    @Parameters(paramLabel = "JOB", description = "The job's id.")
    private String id = "";

    @Option(
            names = "--wait",
            paramLabel = "SECONDS",
            defaultValue = "0",
            description = "Waits for its end for this long at most, up to 60. Default: 0.")
    private int wait;

    @Mixin private final DispatcherOptions dispatcher = new DispatcherOptions();

    /** A job that has not ended is answered with itself alone. */
    @Override
    public Integer call() throws InterruptedException {
        JsonNode answer =
                dispatcher
                        .ask()
                        .get(
                                "/v1/jobs/%s/result".formatted(DispatcherAnswers.encoded(id)),
                                Map.of("wait", wait));
        if (dispatcher.wantsJson()) {
            dispatcher.print(answer);
            return 0;
        }
        PrintWriter out = dispatcher.out();
        JsonNode job = answer.has("job") ? answer.get("job") : answer;
        Table table = new Table("JOB", job.path("id").asText());
        for (Map.Entry<String, JsonNode> field : job.properties()) {
            if (!field.getKey().equals("id") && !field.getKey().equals("ended")) {
                table.row(field.getKey(), field.getValue().asText());
            }
        }
        JsonNode result = answer.path("result");
        if (result.isObject()) {
            table.row(
                    "result",
                    result.has("value")
                            ? result.get("value").toString()
                            : "%,d bytes of %s"
                                    .formatted(
                                            result.path("size").asLong(),
                                            result.path("codec").asText()));
        }
        dispatcher.print(table);
        for (JsonNode thrown : answer.at("/failure/throwables")) {
            out.println();
            out.println(
                    Table.printable(
                            thrown.path("className").asText()
                                    + ": "
                                    + thrown.path("message").asText()));
            thrown.path("frames")
                    .forEach(frame -> out.println("    at " + Table.printable(frame.asText())));
        }
        out.flush();
        return 0;
    }
}
