package dev.athanor.standalone.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.athanor.api.AthanorClient;
import dev.athanor.api.CloudKeyCredentials;
import java.io.PrintWriter;
import java.net.URI;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** Which dispatcher is asked, by which key, and how its answers are shown. */
final class DispatcherOptions {
    @Option(
            names = "--dispatcher-url",
            paramLabel = "URL",
            defaultValue = "${env:ATHANOR_DISPATCHER_URL:-http://localhost:8700}",
            description = "Where a dispatcher answers HTTP. Default: ${DEFAULT-VALUE}.")
    private URI dispatcher = URI.create("");

    @Option(
            names = "--tenant",
            description = "Whose jobs are meant, where the key is an operator's.")
    private @Nullable String tenant;

    @Option(names = "--json", description = "Prints what the dispatcher answers, for programs.")
    private boolean json;

    @Mixin private final AccessOptions access = new AccessOptions();

    @Spec(Target.MIXEE)
    private @Nullable CommandSpec command;

    /** Asks the dispatcher. */
    DispatcherAnswers ask() {
        return new DispatcherAnswers(dispatcher, access.credentials(), tenant);
    }

    /** A client of the cluster, which is asked by way of the dispatcher only. */
    AthanorClient client() {
        AthanorClient.Builder builder = AthanorClient.builder().dispatcher(dispatcher);
        access.credentials()
                .ifPresent(key ->
                        builder.credentials(new CloudKeyCredentials(key.keyId(), key.secret())));
        return builder.build();
    }

    /** Says the same to other programs. */
    void addTo(Map<String, String> environment) {
        environment.put("ATHANOR_DISPATCHER_URL", dispatcher.toString());
        environment.remove("ATHANOR_HOST");
        access.credentials()
                .ifPresent(key -> {
                    environment.put("ATHANOR_KEY_ID", key.keyId());
                    environment.put("ATHANOR_KEY_SECRET", key.secret());
                });
    }

    boolean wantsJson() {
        return json;
    }

    PrintWriter out() {
        if (command == null) {
            throw new IllegalStateException("no command has these options");
        }
        return command.commandLine().getOut();
    }

    void print(JsonNode answer) {
        out().println(answer.toPrettyString());
        out().flush();
    }

    void print(Table table) {
        table.print(out());
        out().flush();
    }
}
