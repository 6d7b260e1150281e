package dev.athanor.environment.sandbox;

import java.io.IOException;

/** Keeps sandboxes apart from the machine that they run on. Safe for use by any thread. */
@FunctionalInterface
public interface Enclosure extends AutoCloseable {

    /**
     * Prepares a room for one sandbox.
     *
     * @param spec what it is to be
     * @param files what else it needs to see
     * @return the room, to be closed by the caller
     * @throws IOException if the operating system refuses; nothing is left behind
     * @throws StartFailedException if this enclosure cannot hold what the spec asks for
     * @throws InterruptedException if the thread was interrupted; nothing is left behind
     */
    Room room(SandboxSpec spec, HostFiles files) throws IOException, InterruptedException;

    /** Gives up what rooms need, once all are closed. */
    @Override
    default void close() {
        // Most need nothing.
    }
}
