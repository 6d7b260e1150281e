package dev.athanor.standalone.command;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Jobs of a tenant. */
@Command(
        name = "jobs",
        mixinStandardHelpOptions = true,
        description =
                "Lists, shows and cancels jobs, and shows what they print: calls whose results a dispatcher keeps, whatever becomes of"
                        + " their callers.",
        subcommands = {
            JobsListCommand.class,
            JobsShowCommand.class,
            JobsLogsCommand.class,
            JobsCancelCommand.class
        })
final class JobsCommand implements Runnable {
    @Spec private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "what to do? list, show, logs or cancel");
    }
}
