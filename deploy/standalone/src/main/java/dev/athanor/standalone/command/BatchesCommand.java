package dev.athanor.standalone.command;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Batches of a tenant. */
@Command(
        name = "batches",
        mixinStandardHelpOptions = true,
        description =
                "Lists, shows and cancels batches, and runs again what failed of them: many calls of one function,"
                        + " which a dispatcher keeps and queues a few at a time.",
        subcommands = {
            BatchesListCommand.class,
            BatchesShowCommand.class,
            BatchesCancelCommand.class,
            BatchesRerunCommand.class
        })
final class BatchesCommand implements Runnable {
    @Spec private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "what to do? list, show, cancel or rerun");
    }
}
