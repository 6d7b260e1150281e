package dev.athanor.loadtests.jobs;

import dev.athanor.loadtests.Measurement;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Measures what jobs cost. */
@Command(
        name = "jobs",
        mixinStandardHelpOptions = true,
        description = {
            "Jobs over HTTP against bare produces, the ledger against a bare consumer, and calls beside both.",
            "Last line: ratio submit=<jobs a second over HTTP / produces of the same bytes, 64 in flight>"
                    + " ledger=<events a second into PostgreSQL / read from Kafka> call=<calls a second"
                    + " with a dispatcher / without, 64 in flight>."
        })
public final class JobsCommand implements Callable<Integer> {
    private static final int IN_FLIGHT = 64;

    private record Rounds(int count, Duration each, Duration warmUp, int events) {}

    private static final Rounds FULL =
            new Rounds(4, Duration.ofSeconds(5), Duration.ofSeconds(10), 100_000);
    private static final Rounds QUICK =
            new Rounds(1, Duration.ofSeconds(3), Duration.ofSeconds(3), 10_000);

    @Option(names = "--quick", description = "Take at most 40 s; the figures vary more.")
    private boolean quick;

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintStream out = System.out;
        Rounds rounds = quick ? QUICK : FULL;
        out.println("Starting Kafka, PostgreSQL and an agent, all in this process …");
        try (JobsSetting setting = JobsSetting.start()) {
            Measurement alone = new Measurement(setting.calls());
            Measurement beside = new Measurement(setting.calls());
            Measurement produces = new Measurement(setting.produces());
            Measurement submissions = new Measurement(setting.submissions());
            warmUp(rounds, alone, produces);
            for (int round = 1; round <= rounds.count(); round++) {
                out.printf("round %d of %d …%n", round, rounds.count());
                alone.manyInFlight(IN_FLIGHT, rounds.each());
                setting.startDispatcher();
                if (round == 1) {
                    warmUp(rounds, submissions);
                }
                setting.awaitLedger();
                beside.manyInFlight(IN_FLIGHT, rounds.each());
                produces.manyInFlight(IN_FLIGHT, rounds.each());
                submissions.manyInFlight(IN_FLIGHT, rounds.each());
                setting.awaitLedger();
                setting.stopDispatcher();
            }
            setting.startDispatcher();
            setting.awaitLedger();
            LedgerRace race = new LedgerRace(setting);
            race.run(rounds.events());
            print(out, alone, beside, produces, submissions, race);
        }
        return 0;
    }

    private static void warmUp(Rounds rounds, Measurement... measurements)
            throws InterruptedException {
        for (Measurement each : measurements) {
            each.manyInFlight(IN_FLIGHT, rounds.warmUp());
            each.reset();
        }
    }

    private static void print(
            PrintStream out,
            Measurement alone,
            Measurement beside,
            Measurement produces,
            Measurement submissions,
            LedgerRace race) {
        out.printf("%-48s %14s%n", "", "a second");
        row(out, "produce of an invocation, acks=all", produces.perSecond());
        row(out, "job submitted over HTTP", submissions.perSecond());
        row(out, "event of a job read from Kafka", race.readPerSecond());
        row(out, "event of a job applied to the ledger", race.appliedPerSecond());
        row(out, "call to a hot no-op function, M", alone.perSecond());
        row(out, "the same with a dispatcher in the process", beside.perSecond());
        out.printf(
                Locale.ROOT,
                "ratio submit=%.2f ledger=%.2f call=%.2f%n",
                submissions.perSecond() / produces.perSecond(),
                race.appliedPerSecond() / race.readPerSecond(),
                beside.perSecond() / alone.perSecond());
    }

    private static void row(PrintStream out, String name, double perSecond) {
        out.printf(Locale.ROOT, "%-48s %,14.0f%n", name, perSecond);
    }
}
