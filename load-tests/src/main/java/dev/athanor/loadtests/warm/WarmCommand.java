package dev.athanor.loadtests.warm;

import dev.athanor.loadtests.Measurement;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Measures a hot call against a bare share-group echo. */
@Command(
        name = "warm",
        mixinStandardHelpOptions = true,
        description = {
            "A call to a hot function against a bare round trip through a Kafka share group.",
            "Both sides use the same broker, consumer count, fetch size, acks and record sizes, in"
                    + " turns. Last line: ratio p50=<call/echo, one in flight> rate=<call/echo, 256 in"
                    + " flight>."
        })
public final class WarmCommand implements Callable<Integer> {
    private static final int IN_FLIGHT = 256;

    private record Rounds(int count, Duration one, Duration many, Duration warmUp) {}

    private static final Rounds FULL =
            new Rounds(6, Duration.ofSeconds(4), Duration.ofSeconds(6), Duration.ofSeconds(15));
    private static final Rounds QUICK =
            new Rounds(2, Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(5));

    @Option(names = "--quick", description = "Take at most 40 s; the figures vary more.")
    private boolean quick;

    @Option(
            names = "--cpu",
            description =
                    "Also print how much CPU a round trip with 256 in flight takes, by thread.")
    private boolean wantsCpu;

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintStream out = System.out;
        Rounds rounds = quick ? QUICK : FULL;
        out.println("Starting Kafka, an agent and an echo, all in this process …");
        try (WarmSetting setting = WarmSetting.start()) {
            Measurement echo = new Measurement(setting.echo());
            Measurement calls = new Measurement(setting.calls());
            // A call passes through several times as much code.
            warmUp(rounds.warmUp().dividedBy(2), echo);
            warmUp(rounds.warmUp(), calls);
            CpuUse echoCpu = new CpuUse(echo);
            CpuUse callsCpu = new CpuUse(calls);
            for (int round = 1; round <= rounds.count(); round++) {
                out.printf("round %d of %d …%n", round, rounds.count());
                echo.oneInFlight(rounds.one());
                calls.oneInFlight(rounds.one());
                echoCpu.manyInFlight(IN_FLIGHT, rounds.many());
                callsCpu.manyInFlight(IN_FLIGHT, rounds.many());
            }
            if (wantsCpu) {
                echoCpu.print(out, "echo");
                callsCpu.print(out, "call");
            }
            print(out, echo, calls);
        }
        return 0;
    }

    private static void warmUp(Duration duration, Measurement measurement)
            throws InterruptedException {
        measurement.manyInFlight(IN_FLIGHT, duration);
        measurement.oneInFlight(duration.dividedBy(6));
        measurement.reset();
    }

    private static void print(PrintStream out, Measurement echo, Measurement calls) {
        out.printf("%-34s %10s %10s %14s%n", "", "p50", "p99", "a second");
        out.printf("%-34s %10s %10s %14s%n", "", "(1 in flight)", "", "(256 in flight)");
        row(out, "bare Kafka share-group echo", echo);
        row(out, "call to a hot no-op function, M", calls);
        out.printf(
                Locale.ROOT,
                "ratio p50=%.2f rate=%.2f%n",
                calls.millis(50) / echo.millis(50),
                calls.perSecond() / echo.perSecond());
    }

    private static void row(PrintStream out, String name, Measurement measurement) {
        out.printf(
                Locale.ROOT,
                "%-34s %7.2f ms %7.2f ms %,14.0f%n",
                name,
                measurement.millis(50),
                measurement.millis(99),
                measurement.perSecond());
    }
}
