package dev.athanor.standalone.command;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Makes another version of a function current. */
@Command(
        name = "rollback",
        mixinStandardHelpOptions = true,
        description =
                "Makes a version of a function the one that is called by its name from now on; a later"
                        + " one as well. Calls that are queued or run keep theirs.")
final class FunctionsRollbackCommand implements Callable<Integer> {
    @SuppressWarnings("FieldCanBeFinal") // Picocli assigns it.
    @Parameters(paramLabel = "NAME", description = "What the function is deployed under.")
    private String name = "";

    @Parameters(paramLabel = "VERSION", description = "The version, as `versions` lists them.")
    private int version;

    @Mixin private final DispatcherOptions dispatcher = new DispatcherOptions();

    @Override
    public Integer call() throws InterruptedException {
        JsonNode answer = dispatcher.ask().put(FunctionsCommand.path(name) + "/current/" + version);
        if (dispatcher.wantsJson()) {
            dispatcher.print(answer);
            return 0;
        }
        dispatcher.out().println("%s is version %d now.".formatted(name, version));
        dispatcher.out().flush();
        return 0;
    }
}
