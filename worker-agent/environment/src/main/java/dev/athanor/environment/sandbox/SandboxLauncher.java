package dev.athanor.environment.sandbox;

/** Starts sandboxes. Safe for use by any thread. */
@FunctionalInterface
public interface SandboxLauncher extends AutoCloseable {

    /**
     * Starts a sandbox and waits until calls can be made.
     *
     * @param spec what it is to be
     * @return the sandbox, to be closed by the caller
     * @throws StartFailedException if it did not start, or not in time; nothing is left behind
     * @throws InterruptedException if the thread was interrupted; nothing is left behind
     */
    Sandbox launch(SandboxSpec spec) throws InterruptedException;

    /** Gives up what starts need, once all sandboxes are closed. */
    @Override
    default void close() {
        // Most need nothing.
    }
}
