package dev.athanor.loadtests;

import dev.athanor.loadtests.fuzz.FuzzCommand;
import dev.athanor.loadtests.guarantee.GuaranteeCommand;
import dev.athanor.loadtests.jobs.JobsCommand;
import dev.athanor.loadtests.python.PythonCommand;
import dev.athanor.loadtests.routing.RoutingCommand;
import dev.athanor.loadtests.warm.WarmCommand;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Lists the benchmarks; each is a subcommand. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        description = {
            "Runs a benchmark against a baseline taken in the same run.",
            "The last line of each is for programs: ratios of what was measured to its baseline."
        },
        subcommands = {
            WarmCommand.class,
            JobsCommand.class,
            RoutingCommand.class,
            PythonCommand.class,
            GuaranteeCommand.class,
            FuzzCommand.class
        })
public final class BenchCommand implements Runnable {
    @Spec private CommandSpec spec;

    @Override
    public void run() {
        System.out.println("Benchmarks, each with a --quick form of at most 40 s:");
        spec.subcommands()
                .forEach((name, command) ->
                        System.out.printf(
                                "  athanor bench %-8s %s%n",
                                name, command.getCommandSpec().usageMessage().description()[0]));
    }
}
