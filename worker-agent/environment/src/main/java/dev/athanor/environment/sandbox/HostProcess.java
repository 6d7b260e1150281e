package dev.athanor.environment.sandbox;

import java.io.InputStream;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;

/** The process of a sandbox, whoever is its parent. Safe for use by any thread. */
public interface HostProcess {

    /** What operators know it by: a process id, or the beginning of a container's. */
    String name();

    /**
     * Its id on this machine.
     *
     * @return the id; empty where this machine does not see it
     */
    OptionalLong pid();

    /**
     * What it writes to its standard output. {@code available()} counts all that was written and
     * not yet read, so that nothing is ever on its way.
     */
    InputStream output();

    /** What it writes to its standard error, likewise. */
    InputStream errors();

    /** Tells whether it has not ended yet. */
    boolean isAlive();

    /** Completed, with anything, once it has ended. */
    CompletableFuture<?> onExit();

    /**
     * Waits for its end.
     *
     * @param millis how long, at most
     * @return false if it has not ended by then
     */
    boolean awaitExit(long millis) throws InterruptedException;

    /** How it ended: its exit status, 128 and more for signals, or {@link ExitStatus#LOST}. */
    int exitValue();

    /** Kills it and what it has started, as far as that is known; does not wait for the end. */
    void kill();
}
