package dev.athanor.environment.build;

import dev.athanor.environment.build.RunningBuild.Built;
import dev.athanor.environment.build.RunningBuild.Failed;
import dev.athanor.environment.build.RunningBuild.Outcome;
import java.io.IOException;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What one build does, on its own thread, from lock to published folder. */
final class BuildSteps {
    private final EnvironmentBuilder builder;
    private final EnvironmentFolders folders;
    private final KeyLocks locks;
    private final RememberedFailures failures;
    private final InstantSource clock;

    BuildSteps(
            EnvironmentBuilder builder,
            EnvironmentFolders folders,
            KeyLocks locks,
            RememberedFailures failures,
            InstantSource clock) {
        this.builder = builder;
        this.folders = folders;
        this.locks = locks;
        this.failures = failures;
        this.clock = clock;
    }

    /** Deletes what builds of killed processes left, except where another process builds now. */
    void sweep() throws IOException {
        for (EnvironmentKey key : folders.keysInBuilding()) {
            try (FileLock lock = locks.tryAcquire(key)) {
                if (lock != null) {
                    folders.sweep(key);
                }
            }
        }
    }

    /** Builds, unless it turns out that another process just did; throws nothing. */
    Outcome run(
            EnvironmentDefinition definition,
            boolean rebuild,
            @Nullable RunningBuild before,
            BuildLog log) {
        EnvironmentKey key = definition.key();
        try {
            if (before != null) {
                before.awaitEnd();
            }
            return runLocked(key, definition, rebuild, log);
        } catch (InterruptedException e) {
            return new Failed("the build of environment " + key.abbreviated() + " was stopped", e);
        } catch (BuildFailedException e) {
            return failed(key, e.getMessage(), e.getCause());
        } catch (IOException e) {
            return failed(key, "environment " + key.abbreviated() + " cannot be stored: " + e, e);
        } catch (Throwable e) {
            return failed(key, "building environment " + key.abbreviated() + " broke: " + e, e);
        }
    }

    private Outcome runLocked(
            EnvironmentKey key, EnvironmentDefinition definition, boolean rebuild, BuildLog log)
            throws IOException, InterruptedException {
        Runnable onWait =
                () -> log.line("Waiting for another process that builds " + key.abbreviated());
        FileLock lock = locks.acquire(key, onWait);
        try {
            folders.sweep(key);
            // A caller that came just before an earlier build ended must not repeat it.
            failures.check(key);
            Optional<StoredEnvironment> present = rebuild ? Optional.empty() : folders.newest(key);
            return present.isPresent()
                    ? new Built(present.get(), false)
                    : new Built(build(key, definition, log), true);
        } finally {
            lock.release();
        }
    }

    private StoredEnvironment build(
            EnvironmentKey key, EnvironmentDefinition definition, BuildLog log)
            throws IOException, InterruptedException {
        long start = System.nanoTime();
        Path folder = folders.startBuild(key);
        try {
            List<Path> classPath = builder.build(definition, folder, log);
            StoredEnvironment stored = folders.publish(key, folder, classPath, clock.instant());
            Duration took = Duration.ofNanos(System.nanoTime() - start);
            log.line(
                    "Built environment "
                            + key.abbreviated()
                            + " ("
                            + size(definition, classPath)
                            + Durations.text(took)
                            + ")");
            return stored;
        } finally {
            EnvironmentFolders.delete(folder);
        }
    }

    private static String size(EnvironmentDefinition definition, List<Path> classPath) {
        if (definition.kind() != EnvironmentKind.JVM) {
            return "";
        }
        return classPath.size() == 1 ? "1 jar, " : classPath.size() + " jars, ";
    }

    private Failed failed(EnvironmentKey key, @Nullable String message, @Nullable Throwable cause) {
        String text = String.valueOf(message);
        failures.remember(key, text);
        return new Failed(text, cause);
    }
}
