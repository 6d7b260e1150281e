package dev.athanor.loadtests.guarantee;

import dev.athanor.loadtests.process.TemporaryFolder;
import java.io.IOException;
import java.io.PrintStream;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Kills, freezes and restarts agents and brokers under load, and checks what came of the calls. */
@Command(
        name = "guarantee",
        mixinStandardHelpOptions = true,
        description = {
            "What is promised of calls, while a seeded schedule kills, freezes and restarts.",
            "Every call has exactly one outcome; it runs once, and once more for each agent that"
                    + " died or froze holding it; none is lost, and none starts after its deadline.",
            "Last line: guarantee calls=<made> outcomes=<with exactly one> lost=<> duplicates=<>"
                    + " over=<run too often> late=<> seed=<>. Status 1 when a guarantee is broken;"
                    + " the histories are printed and the logs kept."
        })
public final class GuaranteeCommand implements Callable<Integer> {
    @Option(
            names = "--quick",
            description =
                    "One kill, freeze and rolling restart of two agents, shorter time-outs and"
                            + " fewer calls.")
    private boolean quick;

    @Option(
            names = "--calls",
            paramLabel = "N",
            description = "How many calls. Default: 10000; 300 with --quick.")
    private @Nullable Integer calls;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Decides on calls and faults. Default: another one each time.")
    private @Nullable Long seed;

    @Option(
            names = "--schedule",
            paramLabel = "NAME",
            defaultValue = "AGENTS",
            description = {
                "What dies: agents, broker (restarted, and an agent as well) or cluster (one of"
                        + " three brokers, and an agent as well). Default: agents."
            })
    private Schedule schedule = Schedule.AGENTS;

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintStream out = System.out;
        RunSettings settings = settings(seed == null ? new Random().nextInt(1_000_000) : seed);
        out.printf(
                "%,d calls, schedule %s, seed %d%n",
                settings.calls(),
                settings.schedule().name().toLowerCase(Locale.ROOT),
                settings.seed());
        try (TemporaryFolder folder = TemporaryFolder.create("athanor-guarantee-")) {
            InstantSource clock = InstantSource.system();
            Findings findings = new GuaranteeRun(settings, folder.path(), out, clock).run();
            if (!findings.allHold()) {
                out.println("Logs are in " + folder.keep());
            }
            new GuaranteeReport(out).print(findings, settings.seed());
            return findings.allHold() ? 0 : 1;
        }
    }

    private RunSettings settings(long chosenSeed) {
        if (calls != null && calls < 1) {
            throw new IllegalArgumentException("--calls must be 1 or more, got " + calls);
        }
        return quick
                ? RunSettings.quick(
                        schedule, chosenSeed, calls == null ? RunSettings.QUICK_CALLS : calls)
                : RunSettings.full(
                        schedule, chosenSeed, calls == null ? RunSettings.FULL_CALLS : calls);
    }
}
