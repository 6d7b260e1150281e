package dev.athanor.environment.build;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Builds environments, each one once, and finds them again on disk. Several processes may share a
 * folder; in one process a folder belongs to one store. Safe for use by several threads.
 *
 * <p>One build at a time runs per key, among all processes, and never keeps another key waiting. A
 * build goes on for as long as somebody waits for it. Failures are remembered for {@link
 * #FAILURE_MEMORY}; timeouts are not, since the next caller may have more time.
 */
public final class EnvironmentStore implements AutoCloseable {
    /** How long a failure is repeated without another build, by the clock given: 30 s. */
    public static final Duration FAILURE_MEMORY = Duration.ofSeconds(30);

    /** How long {@link #existing} trusts its last look at the disk: 1 s. */
    private static final Duration LOOK_AGAIN_AFTER = Duration.ofSeconds(1);

    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);

    private final InstantSource clock;
    private final EnvironmentFolders folders;
    private final KeyLocks locks;
    private final RememberedFailures failures;
    private final BuildSteps steps;
    private final Map<EnvironmentKey, Seen> seen = new ConcurrentHashMap<>();
    private final Map<EnvironmentKey, RunningBuild> builds = new ConcurrentHashMap<>();
    private volatile boolean closed;

    private record Seen(StoredEnvironment stored, Environment environment, Instant lookedAt) {}

    /**
     * Opens a store, and deletes what builds of killed processes left in it.
     *
     * @param folder created where it is missing
     * @param builder used by several threads; not closed by the store
     * @param clock for the memory of failures
     * @throws UncheckedIOException when the folder cannot be created or written
     * @throws IllegalStateException when another store of this process has the folder open
     */
    public EnvironmentStore(Path folder, EnvironmentBuilder builder, InstantSource clock) {
        this.clock = clock;
        failures = new RememberedFailures(clock, FAILURE_MEMORY);
        try {
            Path root = Files.createDirectories(folder.toAbsolutePath());
            folders = new EnvironmentFolders(root);
            locks = new KeyLocks(root);
            steps = new BuildSteps(builder, folders, locks, failures, clock);
            sweep();
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "cannot use " + folder + " for environments: give a writable folder", e);
        }
    }

    /**
     * Returns an environment that is known to be there, without building; for the hot path. After a
     * restart this is empty until {@link #obtain} has found the environment on disk. That its files
     * are there is checked at most once a second.
     */
    public Optional<Environment> existing(EnvironmentDefinition definition) {
        EnvironmentKey key = definition.key();
        if (!definition.needsBuild()) {
            return Optional.of(new Environment(key, List.of()));
        }
        Seen last = seen.get(key);
        if (last == null) {
            return Optional.empty();
        }
        if (clock.instant().isBefore(last.lookedAt().plus(LOOK_AGAIN_AFTER))) {
            return Optional.of(last.environment());
        }
        return look(key);
    }

    /**
     * Returns an environment, built if need be. Without requirements nothing is built. Blocks.
     *
     * @param rebuild true: build even if it is there; readers of the former one are not disturbed,
     *     and where both turn out the same, the former is kept
     * @param timeout how long the caller waits for the build, not negative
     * @param log takes the build's lines, also those printed before this caller came, on the
     *     calling thread; none when nothing has to be built
     * @throws BuildFailedException when it cannot be built, or not within the timeout
     * @throws InterruptedException when the calling thread is interrupted
     * @throws IllegalStateException when the store is closed
     */
    public Environment obtain(
            EnvironmentDefinition definition, boolean rebuild, Duration timeout, BuildLog log)
            throws InterruptedException {
        EnvironmentKey key = definition.key();
        if (!definition.needsBuild()) {
            return new Environment(key, List.of());
        }
        Optional<Environment> present = rebuild ? Optional.empty() : look(key);
        if (present.isPresent()) {
            return present.get();
        }
        failures.check(key);
        Deadline deadline = Deadline.after(timeout);
        while (true) {
            RunningBuild.Built built = join(key, definition, rebuild).await(deadline, log);
            if (built.anew() || !rebuild) {
                return keep(key, built.stored());
            }
        }
    }

    /**
     * Stops all builds, which fails those who wait for them, and waits up to 10 s for their end.
     */
    @Override
    public void close() {
        closed = true;
        List<RunningBuild> running = List.copyOf(builds.values());
        running.forEach(RunningBuild::abandon);
        Deadline deadline = Deadline.after(CLOSE_TIMEOUT);
        try {
            for (RunningBuild build : running) {
                build.awaitEnd(deadline);
            }
            locks.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot close the locks of environments", e);
        }
    }

    /** Returns the build under way that the caller now waits for, started if there is none. */
    private RunningBuild join(
            EnvironmentKey key, EnvironmentDefinition definition, boolean rebuild) {
        return builds.compute(
                key,
                (same, running) -> {
                    if (running != null && running.join()) {
                        return running;
                    }
                    if (closed) {
                        throw new IllegalStateException("the environment store is closed");
                    }
                    RunningBuild build =
                            new RunningBuild(key, own -> run(own, running, definition, rebuild));
                    build.join();
                    build.start();
                    return build;
                });
    }

    private RunningBuild.Outcome run(
            RunningBuild build,
            @Nullable RunningBuild before,
            EnvironmentDefinition definition,
            boolean rebuild) {
        try {
            return steps.run(definition, rebuild, before, build);
        } finally {
            builds.remove(definition.key(), build);
        }
    }

    private void sweep() throws IOException {
        try {
            steps.sweep();
        } catch (IOException e) {
            locks.close();
            throw e;
        }
    }

    private Optional<Environment> look(EnvironmentKey key) {
        try {
            Seen last = seen.get(key);
            Optional<StoredEnvironment> stored =
                    last == null || !last.stored().isIntact()
                            ? folders.newest(key)
                            : Optional.of(last.stored());
            if (stored.isEmpty()) {
                seen.remove(key);
            }
            return stored.map(found -> keep(key, found));
        } catch (IOException e) {
            throw new BuildFailedException("cannot read environment " + key + ": " + e, e);
        }
    }

    private Environment keep(EnvironmentKey key, StoredEnvironment stored) {
        Environment environment = stored.toEnvironment(key);
        seen.put(key, new Seen(stored, environment, clock.instant()));
        return environment;
    }
}
