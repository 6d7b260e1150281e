package dev.athanor.standalone.command;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Secrets of a tenant. */
@Command(
        name = "secrets",
        mixinStandardHelpOptions = true,
        description = {
            "Sets, lists and deletes secrets: values that functions find as environment variables, where"
                    + " they ask for them by secrets(\"NAME\").",
            "Values are encrypted here, for the cluster's agents alone, and cannot be read back."
        },
        subcommands = {
            SecretsSetCommand.class,
            SecretsListCommand.class,
            SecretsDeleteCommand.class
        })
final class SecretsCommand implements Runnable {
    @Spec private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "what to do? set, list or delete");
    }
}
