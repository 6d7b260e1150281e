package dev.athanor.loadtests.python;

import dev.athanor.loadtests.process.TemporaryFolder;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.HdrHistogram.Histogram;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Measures calls from Python. */
@Command(
        name = "python",
        mixinStandardHelpOptions = true,
        description = {
            "Calls from Python against those from Java and against the start of an interpreter.",
            "One run, in turns: a hot call from Python and one from Java; a cold call from Python, whose"
                    + " environment is built, and the starts of python3 -c pass and of the interpreter of"
                    + " a virtual environment. Needs uv and python3. Last line: ratio hot=<Python/Java,"
                    + " p50> cold=<cold call/start in a virtual environment, p50>."
        })
public final class PythonCommand implements Callable<Integer> {
    private static final String CLIENT = "api/src/main/python";
    private static final long LONGEST_MICROS = Duration.ofMinutes(1).toSeconds() * 1_000_000;
    private static final int DIGITS = 3;

    private record Rounds(int count, int hot, int cold, int warmUp) {}

    private static final Rounds FULL = new Rounds(20, 100, 5, 3_000);
    private static final Rounds QUICK = new Rounds(5, 50, 2, 500);

    @Option(names = "--quick", description = "Take at most 40 s; the figures vary more.")
    private boolean quick;

    private final Histogram pythonHot = new Histogram(LONGEST_MICROS, DIGITS);
    private final Histogram javaHot = new Histogram(LONGEST_MICROS, DIGITS);
    private final Histogram cold = new Histogram(LONGEST_MICROS, DIGITS);
    private final Histogram bare = new Histogram(LONGEST_MICROS, DIGITS);
    private final Histogram virtual = new Histogram(LONGEST_MICROS, DIGITS);

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintStream out = System.out;
        Rounds rounds = quick ? QUICK : FULL;
        Path client = client();
        out.println("Starting Kafka, an agent and a dispatcher in this process, and a Python …");
        try (TemporaryFolder folder = TemporaryFolder.create("athanor-bench-");
                PythonSetting setting = PythonSetting.start(folder.path());
                PythonCaller python = PythonCaller.start(folder.path(), client, setting.http())) {
            warmUp(rounds, setting, python);
            for (int round = 1; round <= rounds.count(); round++) {
                out.printf("round %d of %d …%n", round, rounds.count());
                python.call("hot", rounds.hot()).forEach(pythonHot::recordValue);
                callHot(setting, rounds.hot());
                python.call("cold", rounds.cold()).forEach(cold::recordValue);
                for (int count = 0; count < rounds.cold(); count++) {
                    virtual.recordValue(start(python.interpreter()));
                    bare.recordValue(start(python.bare()));
                }
            }
        }
        print(out);
        return 0;
    }

    private void warmUp(Rounds rounds, PythonSetting setting, PythonCaller python)
            throws IOException, InterruptedException {
        var _ = python.call("cold", 2);
        var _ = python.call("hot", rounds.warmUp());
        callHot(setting, rounds.warmUp());
        javaHot.reset();
        start(python.bare());
        start(python.interpreter());
    }

    private void callHot(PythonSetting setting, int count) {
        for (int number = 0; number < count; number++) {
            long begin = System.nanoTime();
            setting.call(number);
            javaHot.recordValue((System.nanoTime() - begin) / 1_000);
        }
    }

    /** How long an interpreter that does nothing takes, in microseconds. */
    private static long start(Path interpreter) throws IOException, InterruptedException {
        long begin = System.nanoTime();
        PythonCaller.run(List.of(interpreter.toString(), "-c", "pass"));
        return (System.nanoTime() - begin) / 1_000;
    }

    /** The client's project, which lies above this program as it is built. */
    private static Path client() {
        try {
            Path place =
                    Path.of(
                            PythonCommand.class
                                    .getProtectionDomain()
                                    .getCodeSource()
                                    .getLocation()
                                    .toURI());
            for (Path folder = place; folder != null; folder = folder.getParent()) {
                if (Files.exists(folder.resolve(CLIENT).resolve("pyproject.toml"))) {
                    return folder.resolve(CLIENT);
                }
            }
        } catch (URISyntaxException e) {
            throw new IllegalStateException("this program's place is none", e);
        }
        throw new IllegalStateException("the Python client is not above this program: " + CLIENT);
    }

    private void print(PrintStream out) {
        out.printf("%-44s %10s %10s%n", "", "p50", "p90");
        row(out, "hot call from Java, M", javaHot);
        row(out, "hot call from Python, M", pythonHot);
        row(out, "start of python3 -c pass", bare);
        row(out, "start of a virtual environment's python", virtual);
        row(out, "cold call from Python, environment built, M", cold);
        out.printf(
                Locale.ROOT,
                "A cold call takes %.2f times the start of python3.%n",
                ratio(cold, bare));
        out.printf(
                Locale.ROOT,
                "ratio hot=%.2f cold=%.2f%n",
                ratio(pythonHot, javaHot),
                ratio(cold, virtual));
    }

    private static double ratio(Histogram one, Histogram other) {
        return one.getValueAtPercentile(50) / (double) other.getValueAtPercentile(50);
    }

    private static void row(PrintStream out, String name, Histogram times) {
        out.printf(
                Locale.ROOT,
                "%-44s %7.2f ms %7.2f ms%n",
                name,
                times.getValueAtPercentile(50) / 1e3,
                times.getValueAtPercentile(90) / 1e3);
    }
}
