package dev.athanor.loadtests.routing;

import dev.athanor.embedded.EmbeddedKafka;
import dev.athanor.loadtests.process.TemporaryFolder;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.HdrHistogram.Histogram;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Measures calls among three agents, led to where they are hot and not, against one agent. */
@Command(
        name = "routing",
        mixinStandardHelpOptions = true,
        description = {
            "Second calls of functions: one agent, three agents, and three with routing off.",
            "Every function has a sandbox of its own that stays hot after its first call; then all"
                    + " are called once in turn, which is measured. Last line: ratio routed=<p50 with three/with"
                    + " one> unrouted=<the same with routing off> hot=<share of the routed calls that"
                    + " found a hot sandbox>."
        })
public final class RoutingCommand implements Callable<Integer> {
    private static final int AGENTS = 3;
    private static final int DIGITS = 3;

    private static final int FUNCTIONS = 100;
    private static final int QUICK_FUNCTIONS = 9;
    private static final int WARM_UP_CALLS = 200;

    /** What one cluster measured. */
    private record Result(Histogram times, double hotShare) {
        double p50() {
            return times.getValueAtPercentile(50) / 1e6;
        }

        double p99() {
            return times.getValueAtPercentile(99) / 1e6;
        }
    }

    @Option(names = "--quick", description = "Take at most 40 s; the figures vary more.")
    private boolean quick;

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintStream out = System.out;
        int functions = quick ? QUICK_FUNCTIONS : FUNCTIONS;
        out.printf("%d functions; Kafka and the agents are in this process …%n", functions);
        try (TemporaryFolder temporary = TemporaryFolder.create("athanor-bench-");
                EmbeddedKafka kafka = EmbeddedKafka.start(temporary.path().resolve("kafka"), 0)) {
            Path folder = temporary.path();
            Result one = measure(kafka, folder.resolve("one"), 1, true, functions);
            Result routed = measure(kafka, folder.resolve("routed"), AGENTS, true, functions);
            Result unrouted = measure(kafka, folder.resolve("unrouted"), AGENTS, false, functions);
            print(out, one, routed, unrouted);
        }
        return 0;
    }

    private static void print(PrintStream out, Result one, Result routed, Result unrouted) {
        out.printf("%-28s %11s %11s %6s%n", "", "p50", "p99", "hot");
        row(out, "1 agent", one);
        row(out, AGENTS + " agents, routed", routed);
        row(out, AGENTS + " agents, unrouted", unrouted);
        out.printf(
                Locale.ROOT,
                "ratio routed=%.2f unrouted=%.2f hot=%.3f%n",
                routed.p50() / one.p50(),
                unrouted.p50() / one.p50(),
                routed.hotShare());
    }

    private static Result measure(
            EmbeddedKafka kafka, Path folder, int agents, boolean routed, int count)
            throws InterruptedException {
        try (RoutingCluster cluster =
                RoutingCluster.start(kafka, folder, agents, routed, count + 1)) {
            Functions functions = new Functions(cluster.client(), 0, count);
            Functions warmUp = new Functions(cluster.client(), count, 1);
            functions.atOnce();
            for (int call = 0; call < WARM_UP_CALLS; call++) {
                warmUp.atOnce();
            }
            double hotBefore = cluster.ended(true);
            double before = cluster.ended(false);
            Histogram times = new Histogram(Duration.ofMinutes(1).toNanos(), DIGITS);
            functions.inTurn().forEach(times::recordValue);
            double hot = cluster.ended(true) - hotBefore;
            return new Result(times, hot / (cluster.ended(false) - before));
        }
    }

    private static void row(PrintStream out, String name, Result result) {
        out.printf(
                Locale.ROOT,
                "%-28s %8.2f ms %8.2f ms %6.3f%n",
                name,
                result.p50(),
                result.p99(),
                result.hotShare());
    }
}
