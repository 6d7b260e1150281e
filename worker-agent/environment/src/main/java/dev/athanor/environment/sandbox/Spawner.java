package dev.athanor.environment.sandbox;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;

/**
 * Starts processes from one thread that lives as long as this does. Linux takes the thread that
 * started a process for its parent: one that asks to be killed with its parent would end with the
 * thread of the call that happened to start it. Safe for use by any thread.
 */
final class Spawner implements AutoCloseable {
    private final ExecutorService thread =
            Executors.newSingleThreadExecutor(task -> {
                Thread spawning = new Thread(task, "athanor-spawner");
                spawning.setDaemon(true);
                return spawning;
            });

    /**
     * Starts a process; not cut short by an interrupt, so that none is started unseen.
     *
     * @throws IOException if the operating system refuses, or this is closed
     */
    Process start(ProcessBuilder builder) throws IOException {
        try {
            return CompletableFuture.supplyAsync(() -> startNow(builder), thread).join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof UncheckedIOException refused) {
                throw refused.getCause();
            }
            throw e;
        } catch (RejectedExecutionException e) {
            throw new IOException("the launcher is closed", e);
        }
    }

    private static Process startNow(ProcessBuilder builder) {
        try {
            return builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What it started and what has asked for it ends now. */
    @Override
    public void close() {
        thread.shutdown();
    }
}
