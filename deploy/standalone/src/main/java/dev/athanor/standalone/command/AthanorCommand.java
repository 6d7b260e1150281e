package dev.athanor.standalone.command;

import dev.athanor.loadtests.BenchCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The {@code athanor} command. Its help is the manual. */
@Command(
        name = "athanor",
        mixinStandardHelpOptions = true,
        version = "athanor 0.1.0",
        description =
                "Runs functions in isolated environments on other machines, and keeps those"
                        + " environments hot.",
        subcommands = {
            DemoCommand.class,
            UpCommand.class,
            AgentCommand.class,
            DispatcherCommand.class,
            DeployCommand.class,
            FunctionsCommand.class,
            JobsCommand.class,
            BatchesCommand.class,
            SchedulesCommand.class,
            AgentsCommand.class,
            QueuesCommand.class,
            DeadLettersCommand.class,
            KeysCommand.class,
            SecretsCommand.class,
            BenchCommand.class,
            HelpCommand.class
        })
public final class AthanorCommand implements Runnable {
    @Spec private CommandSpec spec;

    /** Runs the command and ends the process with its status: 0, 1 for a failure, 2 for misuse. */
    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    /** The command, to be executed within a process that goes on. */
    public static CommandLine commandLine() {
        return new CommandLine(new AthanorCommand())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler(new OneLineErrors());
    }

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(), "what to do? `athanor demo` is a good start");
    }
}
