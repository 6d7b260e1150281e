package dev.athanor.api.internal.local;

import dev.athanor.api.UnavailableException;
import dev.athanor.api.internal.bundle.Bundle;
import dev.athanor.environment.build.BuildLog;
import dev.athanor.environment.build.Environment;
import dev.athanor.environment.build.EnvironmentStore;
import dev.athanor.environment.build.MavenEnvironmentBuilder;
import dev.athanor.environment.build.MavenOptions;
import dev.athanor.environment.build.RepositoryTrust;
import dev.athanor.environment.isolation.Containers;
import dev.athanor.environment.isolation.Isolation;
import dev.athanor.environment.isolation.IsolationChoice;
import dev.athanor.environment.isolation.IsolationException;
import dev.athanor.environment.isolation.LauncherParts;
import dev.athanor.environment.isolation.NetworkPolicy;
import dev.athanor.environment.limits.ControlGroups;
import dev.athanor.environment.pool.HotPool;
import dev.athanor.environment.pool.PooledSandbox;
import dev.athanor.environment.sandbox.ProcessLauncher;
import dev.athanor.environment.sandbox.SandboxKey;
import dev.athanor.environment.sandbox.SandboxLauncher;
import dev.athanor.environment.sandbox.SandboxSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Builds environments on this machine and keeps sandboxes of them. Safe for any number of threads.
 */
final class Sandboxes implements AutoCloseable {
    private final MavenEnvironmentBuilder builder;
    private final EnvironmentStore environments;
    private final Workspace workspace;
    private final Path data;
    private final HotPool pool;

    private Sandboxes(
            MavenEnvironmentBuilder builder,
            EnvironmentStore environments,
            Workspace workspace,
            Path data,
            HotPool pool) {
        this.builder = builder;
        this.environments = environments;
        this.workspace = workspace;
        this.data = data;
        this.pool = pool;
    }

    /**
     * @param most how many sandboxes may live at once, hot ones included
     * @throws UnavailableException when a folder cannot be used
     */
    static Sandboxes open(
            Path cacheFolder,
            Path javaExecutable,
            Isolation isolation,
            int most,
            InstantSource clock) {
        MavenEnvironmentBuilder builder =
                new MavenEnvironmentBuilder(
                        MavenOptions.in(cacheFolder.resolve("maven"))
                                .withTrust(RepositoryTrust.FULL));
        EnvironmentStore environments = environments(cacheFolder, builder, clock);
        try {
            Workspace workspace = Workspace.create();
            Path volume = cacheFolder.resolve("data");
            IsolationChoice choice =
                    IsolationChoice.make(
                            isolation,
                            new LauncherParts(
                                    javaExecutable,
                                    workspace.runtime(),
                                    workspace.sockets(),
                                    workspace.sandboxes(),
                                    ProcessLauncher.DEFAULT_PAYLOAD_BYTES,
                                    ControlGroups.find(false)),
                            NetworkPolicy.open(),
                            Containers.NONE);
            SandboxLauncher launcher =
                    choice.launcher(
                            choice.view(
                                    volume,
                                    List.of(
                                            cacheFolder,
                                            javaExecutable,
                                            workspace.sandboxes(),
                                            workspace.sockets())));
            return new Sandboxes(
                    builder,
                    environments,
                    workspace,
                    Files.createDirectories(volume.resolve(LocalFunction.TENANT)),
                    new HotPool(launcher, most, System::nanoTime));
        } catch (IsolationException e) {
            environments.close();
            builder.close();
            throw new UnavailableException(String.valueOf(e.getMessage()), e);
        } catch (InterruptedException e) {
            environments.close();
            builder.close();
            Thread.currentThread().interrupt();
            throw new UnavailableException("interrupted while a sandbox was tried", e);
        } catch (IOException | UncheckedIOException e) {
            environments.close();
            builder.close();
            throw new UnavailableException(
                    "no folder for sandboxes can be made: " + e.getMessage(), e);
        }
    }

    private static EnvironmentStore environments(
            Path cacheFolder, MavenEnvironmentBuilder builder, InstantSource clock) {
        try {
            return new EnvironmentStore(cacheFolder.resolve("environments"), builder, clock);
        } catch (UncheckedIOException e) {
            builder.close();
            throw new UnavailableException(
                    "%s cannot be used for environments: name another folder by ATHANOR_CACHE: %s"
                            .formatted(cacheFolder, e.getMessage()),
                    e);
        } catch (IllegalStateException e) {
            builder.close();
            throw new UnavailableException(
                    ("%s is used by another local host of this process: use that one, or give this"
                                    + " one a cacheFolder(…) of its own")
                            .formatted(cacheFolder),
                    e);
        }
    }

    /**
     * A sandbox of the function, hot or started now; blocks while its environment is built.
     *
     * @throws dev.athanor.environment.build.BuildFailedException when that cannot be built
     * @throws dev.athanor.environment.sandbox.StartFailedException when it does not start
     */
    PooledSandbox lend(LocalFunction function, List<Bundle> bundles, BuildLog log)
            throws InterruptedException, LocalFailureException {
        SandboxKey key = function.sandboxKey(bundles);
        if (!function.rebuild()) {
            Optional<PooledSandbox> hot = pool.tryHot(key);
            if (hot.isPresent()) {
                return hot.get();
            }
        }
        List<Path> classPath = new ArrayList<>(environment(function, log).classPath());
        for (Bundle bundle : bundles) {
            classPath.add(workspace.file(bundle));
        }
        return pool.start(
                new SandboxSpec(
                        key,
                        function.machineType(),
                        classPath,
                        data,
                        function.secretValues(),
                        function.network(),
                        function.limits().start()));
    }

    private Environment environment(LocalFunction function, BuildLog log)
            throws InterruptedException {
        Optional<Environment> existing =
                function.rebuild()
                        ? Optional.empty()
                        : environments.existing(function.environment());
        return existing.isPresent()
                ? existing.get()
                : environments.obtain(
                        function.environment(), function.rebuild(), function.limits().build(), log);
    }

    /** Makes room for another sandbox, until {@link #takePlaceBack}. */
    void lendPlace() {
        pool.lendPlace();
    }

    void takePlaceBack() {
        pool.takePlaceBack();
    }

    /** Ends the sandboxes whose time is up. */
    void expire() {
        pool.expire();
    }

    @Override
    public void close() {
        pool.close();
        environments.close();
        builder.close();
        workspace.delete();
    }
}
