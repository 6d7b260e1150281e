package dev.athanor.agent.testing;

import static dev.athanor.api.Athanor.isolated;
import static dev.athanor.api.Athanor.keepAlive;
import static dev.athanor.api.Athanor.machineType;
import static dev.athanor.api.Athanor.onEnd;
import static dev.athanor.api.Athanor.requirements;
import static dev.athanor.api.Athanor.secrets;

import dev.athanor.api.Athanor;
import dev.athanor.api.AthanorException;
import dev.athanor.api.FunctionFailedException;
import dev.athanor.api.IsolatedFunction;
import dev.athanor.api.IsolatedFunction1;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/** Functions that call others. */
public final class Nest {
    private static final IsolatedFunction1<Integer, Integer> TWICE = isolated(Jobs::twice);

    private Nest() {}

    public static String shout(String text) {
        System.out.println("shouting " + text);
        return text + "!";
    }

    public static String callsAMethodAndALambda(String text) {
        String suffix = "?";
        String shouted = isolated(Nest::shout).call(text);
        return isolated((String captured) -> captured + suffix).call(shouted);
    }

    public static List<Long> processIds() {
        return List.of(Jobs.processId(), isolated(Jobs::processId).call());
    }

    public static int sumOfTwice(int count) {
        return TWICE.map(IntStream.range(0, count).boxed().toList())
                .mapToInt(Integer::intValue)
                .sum();
    }

    public static String deep(int levels) {
        return levels == 0 ? "bottom" : levels + " " + isolated(Nest::deep).call(levels - 1);
    }

    public static int wideAndDeep(int levels) {
        return levels == 0
                ? 1
                : isolated(Nest::wideAndDeep)
                        .map(List.of(levels - 1, levels - 1))
                        .mapToInt(Integer::intValue)
                        .sum();
    }

    public static String onM(String text) {
        return isolated(Nest::shout, machineType(Athanor.M), keepAlive(0)).call(text);
    }

    public static String whatItCatches(String text) {
        try {
            return isolated(Jobs::fail).call(text);
        } catch (FunctionFailedException e) {
            return e.getCause() + ", caused by " + e.getCause().getCause();
        }
    }

    public static String classOfWhatItCatches(String which) {
        try {
            return "nothing, but "
                    + switch (which) {
                        case "exits" -> isolated(Jobs::exit).call(3);
                        case "has no machine" -> isolated(Nest::shout, machineType("XSS")).call("");
                        default ->
                                isolated(Jobs::capitalized, requirements("no.such:library:1"))
                                        .call("");
                    };
        } catch (AthanorException e) {
            return e.getClass().getSimpleName() + ": " + e.getMessage();
        }
    }

    public static String capitalized(String text) {
        return isolated(Jobs::capitalized, requirements("org.apache.commons:commons-text:1.13.0"))
                .call(text);
    }

    public static boolean reversesLargeValues(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        byte[] back = isolated(Jobs::reversed).call(isolated(Jobs::reversed).call(bytes));
        return Arrays.equals(bytes, back);
    }

    public static String variableOfAnother(String name) {
        return Jobs.variable(name) + " " + isolated(Jobs::variable, secrets(name)).call(name);
    }

    public static String waitsForOne(String file) {
        return isolated(Jobs::writeIdAndWait).call(file);
    }

    public static String startsOneAndExits(String file) throws InterruptedException {
        CompletableFuture<String> call = isolated(Jobs::writeIdAndWait).submit(file);
        while (!Files.exists(Path.of(file)) && !call.isDone()) {
            TimeUnit.MILLISECONDS.sleep(10);
        }
        return Jobs.exit(3);
    }

    public static long pauses() throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(100);
        return Jobs.processId();
    }

    /** On which agents the calls ran that it made. */
    public static Set<String> agentsOfOthers(int calls) {
        Set<String> agents = ConcurrentHashMap.newKeySet();
        IsolatedFunction<Long> function =
                isolated(Nest::pauses, onEnd(info -> agents.add(info.agent())));
        IntStream.range(0, calls)
                .mapToObj(i -> function.submit())
                .toList()
                .forEach(CompletableFuture::join);
        return new HashSet<>(agents);
    }
}
