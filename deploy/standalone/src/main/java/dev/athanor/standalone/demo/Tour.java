package dev.athanor.standalone.demo;

import static dev.athanor.api.Athanor.M;
import static dev.athanor.api.Athanor.cloud;
import static dev.athanor.api.Athanor.host;
import static dev.athanor.api.Athanor.isolated;
import static dev.athanor.api.Athanor.machineType;
import static dev.athanor.api.Athanor.requirements;

import dev.athanor.api.AthanorClient;
import dev.athanor.api.FunctionFailedException;
import dev.athanor.api.IsolatedFunction;
import dev.athanor.api.IsolatedFunction1;
import dev.athanor.api.Option;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** Shows what isolated functions do, one thing after the other, and says what happens. */
public final class Tour {
    private static final String COMMONS_TEXT = "org.apache.commons:commons-text:1.13.0";
    private static final int CALLS = 200;
    private static final int FRAMES_SHOWN = 3;

    private final Option onCluster;
    private final PrintStream out;

    /**
     * @param client of a cluster that serves the machine types XS and M
     */
    public Tour(AthanorClient client, PrintStream out) {
        this.onCluster = host(cloud(client));
        this.out = out;
    }

    /** Takes the whole tour. */
    public void run() {
        hello();
        requirement();
        fanOut();
        exception();
        livePrints();
        out.println();
        out.println(
                "That was all: no process is left behind. `./athanor up` keeps Athanor running for"
                        + " programs of yours; README.md has the first one.");
    }

    private void hello() {
        heading("A function that runs in a sandbox, a process of its own, and returns here");
        IsolatedFunction<String> hello = isolated(TourFunctions::hello, onCluster);
        Timed<String> first = Timed.of(hello::call);
        out.printf("   hello.call() -> %s   (%s)%n", first.result(), first.time());
    }

    private void requirement() {
        heading("A function that needs " + COMMONS_TEXT + ", which this process does not have");
        IsolatedFunction1<String, String> title =
                isolated(
                        TourFunctions::title,
                        requirements(COMMONS_TEXT),
                        machineType(M),
                        onCluster);
        Timed<String> cold = Timed.of(() -> title.call("keeps an EVEN heat for days"));
        out.printf("   title.call(…) -> %s   (cold: %s)%n", cold.result(), cold.time());
        Timed<String> hot = Timed.of(() -> title.call("keeps an EVEN heat for days"));
        out.printf("   title.call(…) -> %s   (hot: %s)%n", hot.result(), hot.time());
    }

    private void fanOut() {
        heading(CALLS + " calls fanned out, results in order");
        IsolatedFunction1<Long, Long> square = isolated(TourFunctions::square, onCluster);
        List<Long> numbers = LongStream.rangeClosed(1, CALLS).boxed().toList();
        Timed<Long> sum = Timed.of(() -> sum(square, numbers));
        out.printf("   the sum of all %d squares is %,d   (%s)%n", CALLS, sum.result(), sum.time());
    }

    private static long sum(IsolatedFunction1<Long, Long> square, List<Long> numbers) {
        try (ProgressBar bar =
                        new ProgressBarBuilder()
                                .setTaskName("   calls")
                                .setInitialMax(CALLS)
                                .setStyle(ProgressBarStyle.ASCII)
                                .build();
                Stream<Long> squares = square.map(numbers)) {
            return squares.mapToLong(Long::longValue).peek(each -> bar.step()).sum();
        }
    }

    private void exception() {
        heading("A function that throws: its exception arrives here, with its remote trace");
        IsolatedFunction1<String, String> joke = isolated(TourFunctions::joke, onCluster);
        try {
            joke.call("alchemy");
            throw new AssertionError("the function did not throw");
        } catch (FunctionFailedException e) {
            Throwable thrown = Objects.requireNonNull(e.getCause());
            out.println("   " + thrown);
            Arrays.stream(thrown.getStackTrace())
                    .limit(FRAMES_SHOWN)
                    .forEach(frame -> out.println("       at " + frame));
        }
    }

    private void livePrints() {
        heading("A function that prints: its lines arrive while it runs");
        IsolatedFunction1<Integer, String> countdown =
                isolated(TourFunctions::countdown, onCluster);
        out.printf("   countdown.call(3) -> %s%n", countdown.call(3));
    }

    private void heading(String text) {
        out.println();
        out.println("* " + text);
    }

    private record Timed<T>(T result, Duration duration) {
        static <T> Timed<T> of(Supplier<T> action) {
            long begin = System.nanoTime();
            T result = action.get();
            return new Timed<>(result, Duration.ofNanos(System.nanoTime() - begin));
        }

        String time() {
            long millis = TimeUnit.NANOSECONDS.toMillis(duration.toNanos());
            return millis < 10_000
                    ? "%,.1f ms".formatted(duration.toNanos() / 1e6)
                    : "%,.1f s".formatted(duration.toMillis() / 1e3);
        }
    }
}
