package dev.athanor.loadtests;

import java.util.concurrent.CompletableFuture;

/** Something whose round trips are counted. Safe for any number of threads. */
@FunctionalInterface
public interface RoundTrips {
    /** Starts one; it completes when its answer is there. */
    CompletableFuture<?> start();
}
