package dev.athanor.standalone.command;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Deletes a function, or a version of one. */
@Command(
        name = "delete",
        mixinStandardHelpOptions = true,
        description =
                "Deletes a function with all its versions, or one version that is not the current one."
                        + " Calls that are queued or run go on.")
final class FunctionsDeleteCommand implements Callable<Integer> {
    @SuppressWarnings("FieldCanBeFinal") // Picocli assigns it.
    @Parameters(paramLabel = "NAME", description = "What the function is deployed under.")
    private String name = "";

    @Option(
            names = "--version-number",
            paramLabel = "N",
            description = "This version only. Default: all of the function.")
    private @Nullable Integer version;

    @Mixin private final DispatcherOptions dispatcher = new DispatcherOptions();

    @Override
    public Integer call() throws InterruptedException {
        String path = FunctionsCommand.path(name);
        dispatcher.ask().delete(version == null ? path : path + "/versions/" + version);
        if (!dispatcher.wantsJson()) {
            String what = version == null ? name : "version %d of %s".formatted(version, name);
            dispatcher.out().println("Deleted %s.".formatted(what));
            dispatcher.out().flush();
        }
        return 0;
    }
}
