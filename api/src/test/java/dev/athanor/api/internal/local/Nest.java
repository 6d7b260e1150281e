package dev.athanor.api.internal.local;

import static dev.athanor.api.Athanor.isolated;
import static dev.athanor.api.Athanor.machineType;
import static dev.athanor.api.Athanor.requirements;

import dev.athanor.api.AthanorClient;
import dev.athanor.api.AthanorException;
import dev.athanor.api.FunctionFailedException;
import dev.athanor.api.IsolatedFunction1;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

/** Functions that call others. */
final class Nest {
    private static final IsolatedFunction1<Integer, Integer> TWICE = isolated(Nest::twice);

    private Nest() {}

    static String shout(String text) {
        System.out.println("shouting " + text);
        return text.toUpperCase(Locale.ROOT) + " in " + ProcessHandle.current().pid();
    }

    static int twice(int number) {
        return 2 * number;
    }

    static List<String> callsAMethodAndALambda(String text) {
        String suffix = "!";
        return List.of(
                isolated(Nest::shout).call(text),
                isolated((String captured) -> captured + suffix).call(text),
                "out of " + ProcessHandle.current().pid());
    }

    static int sumOfTwice(int count) {
        return TWICE.map(IntStream.range(0, count).boxed().toList())
                .mapToInt(Integer::intValue)
                .sum();
    }

    static int sumOfManySubmitted(int count) {
        List<CompletableFuture<Integer>> all =
                IntStream.range(0, count).mapToObj(TWICE::submit).toList();
        return all.stream().mapToInt(CompletableFuture::join).sum();
    }

    static String deep(int levels) {
        return levels == 0 ? "bottom" : levels + " " + isolated(Nest::deep).call(levels - 1);
    }

    static String whatItCatches(String text) {
        try {
            return isolated(Jobs::fail).call(text);
        } catch (FunctionFailedException e) {
            return e.getCause() + ", caused by " + e.getCause().getCause();
        }
    }

    static String failsWithIt(String text) {
        return isolated(Jobs::fail).call(text);
    }

    static String classOfWhatItCatches(String which) {
        try {
            Object ignored =
                    switch (which) {
                        case "exits" -> isolated(Jobs::exit).call(3);
                        case "has no machine" -> isolated(Nest::shout, machineType("XXL")).call("");
                        case "cannot be sent" -> isolated((Object o) -> "").call(new Object());
                        case "has a client" -> AthanorClient.builder().build();
                        default -> isolated(Jobs::reversed).call(new byte[65 << 20]);
                    };
            return "nothing, but " + ignored;
        } catch (AthanorException e) {
            return e.getClass().getSimpleName() + ": " + e.getMessage();
        }
    }

    static String capitalized(String text) {
        return isolated(Jobs::capitalized, requirements("org.apache.commons:commons-text:1.13.0"))
                .call(text);
    }

    static byte[] reversedTwice(byte[] bytes) {
        return isolated(Jobs::reversed).call(isolated(Jobs::reversed).call(bytes));
    }

    static String waitsForOne(String started, String interrupted) {
        return isolated(Jobs::waitForever).call(started, interrupted);
    }

    static String leavesOneBehind(String started, String interrupted) throws Exception {
        CompletableFuture<String> left = isolated(Jobs::waitForever).submit(started, interrupted);
        Path file = Path.of(started);
        while (!Files.exists(file) && !left.isDone()) {
            Thread.onSpinWait();
        }
        return "left";
    }

    static String cancelsOne(String started, String interrupted) throws Exception {
        CompletableFuture<String> call = isolated(Jobs::waitForever).submit(started, interrupted);
        Path file = Path.of(started);
        while (!Files.exists(file) && !call.isDone()) {
            Thread.onSpinWait();
        }
        return "cancelled " + call.cancel(false);
    }
}
