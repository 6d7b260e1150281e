package dev.athanor.standalone.command;

import java.util.Arrays;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Functions that are registered under names. */
@Command(
        name = "functions",
        mixinStandardHelpOptions = true,
        description =
                "Lists and shows functions that were deployed under names, makes another of their"
                        + " versions the current one, and deletes them.",
        subcommands = {
            FunctionsListCommand.class,
            FunctionsShowCommand.class,
            FunctionsVersionsCommand.class,
            FunctionsRollbackCommand.class,
            FunctionsDeleteCommand.class
        })
final class FunctionsCommand implements Runnable {
    @Spec private CommandSpec spec;

    /** Where a dispatcher has it; its slashes stand in the path as they are. */
    static String path(String name) {
        return "/v1/functions/"
                + Arrays.stream(name.split("/", -1))
                        .map(DispatcherAnswers::encoded)
                        .collect(Collectors.joining("/"));
    }

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(), "what to do? list, show, versions, rollback or delete");
    }
}
