package dev.athanor.loadtests.routing;

import static dev.athanor.api.Athanor.M;
import static dev.athanor.api.Athanor.cloud;
import static dev.athanor.api.Athanor.host;
import static dev.athanor.api.Athanor.isolated;
import static dev.athanor.api.Athanor.keepAlive;
import static dev.athanor.api.Athanor.machineType;
import static dev.athanor.api.Athanor.repositories;

import dev.athanor.api.AthanorClient;
import dev.athanor.api.IsolatedFunction;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

/**
 * Functions that do nothing, each with a sandbox of its own, since the repositories that it names
 * are part of its environment.
 */
final class Functions {
    private static final Duration HOT = Duration.ofMinutes(30);

    private final List<IsolatedFunction<Integer>> all;

    /**
     * @param from number of the first; those of other numbers have other sandboxes
     */
    Functions(AthanorClient client, int from, int count) {
        all =
                IntStream.range(from, from + count)
                        .mapToObj(number ->
                                isolated(
                                        Functions::nothing,
                                        host(cloud(client)),
                                        machineType(M),
                                        keepAlive(HOT),
                                        repositories(
                                                "r%d::https://repo%d.invalid/"
                                                        .formatted(number, number))))
                        .toList();
    }

    private static Integer nothing() {
        return 0;
    }

    /** Calls each once, all at the same time. */
    void atOnce() {
        all.stream().map(IsolatedFunction::submit).toList().forEach(CompletableFuture::join);
    }

    /** Calls each once, one after the other; how long each took, in nanoseconds. */
    List<Long> inTurn() {
        List<Long> times = new ArrayList<>(all.size());
        for (IsolatedFunction<Integer> function : all) {
            long begin = System.nanoTime();
            function.call();
            times.add(System.nanoTime() - begin);
        }
        return times;
    }
}
