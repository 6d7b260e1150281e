package dev.athanor.environment.sandbox;

import java.io.IOException;
import java.nio.file.Path;

/** Starts the processes of sandboxes, somewhere. Safe for use by any thread. */
@FunctionalInterface
public interface Starter extends AutoCloseable {

    /**
     * Starts the process of a sandbox, which then connects to its socket.
     *
     * @param spec what it is to be
     * @param socket that it is to connect to, which is there
     * @return the process, to be released by the caller
     * @throws IOException if the operating system refuses; nothing is left behind
     * @throws StartFailedException if it cannot be started; nothing is left behind
     * @throws InterruptedException if the thread was interrupted; nothing is left behind
     */
    Started start(SandboxSpec spec, Path socket) throws IOException, InterruptedException;

    /** Gives up what starts need, once all that was started has ended. */
    @Override
    default void close() {
        // Most need nothing.
    }
}
