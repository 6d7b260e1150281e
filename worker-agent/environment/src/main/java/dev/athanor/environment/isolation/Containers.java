package dev.athanor.environment.isolation;

import dev.athanor.environment.sandbox.SandboxLauncher;
import java.io.IOException;
import java.util.function.BooleanSupplier;

/** Opens launchers that keep sandboxes in containers. */
@FunctionalInterface
public interface Containers {

    /** Those of a program that has no client of any engine. */
    Containers NONE =
            (parts, policy) -> {
                throw new IsolationException(
                        "docker is for agents: a local host has bubblewrap or process");
            };

    /**
     * A launcher that can be used.
     *
     * @param launcher to be closed by who opened it
     * @param isAvailable tells whether sandboxes can be started now
     * @param description which one it is and what it holds
     */
    record Opened(SandboxLauncher launcher, BooleanSupplier isAvailable, String description) {}

    /**
     * Opens a launcher.
     *
     * @param parts that launchers have in common
     * @param policy what the network is to sandboxes
     * @throws IsolationException if containers cannot be used here; the message says what to do
     * @throws IOException if the operating system refuses
     */
    Opened open(LauncherParts parts, NetworkPolicy policy) throws IOException;
}
