package dev.athanor.environment.testing;

import dev.athanor.environment.data.DataView;
import dev.athanor.environment.data.NamedData;
import dev.athanor.environment.limits.Limits;
import dev.athanor.environment.limits.NoLimits;
import dev.athanor.environment.machine.MachineTypes;
import dev.athanor.environment.sandbox.ProcessLauncher;
import dev.athanor.environment.sandbox.SandboxKey;
import dev.athanor.environment.sandbox.SandboxSpec;
import dev.athanor.environment.sandbox.SocketFolder;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A launcher with folders of its own, for the JVM that runs the tests. */
public final class Launchers implements AutoCloseable {

    /** How long a start may take in tests. */
    public static final Duration START_TIMEOUT = Duration.ofSeconds(30);

    private final Path sockets;
    private final Path work;
    private final ProcessLauncher launcher;

    /** Creates the folders, for sandboxes without limits. */
    public Launchers() throws IOException {
        this(new NoLimits("a test"));
    }

    /** Creates the folders, for sandboxes that find their data by its name. */
    public Launchers(Limits limits) throws IOException {
        this(limits, new NamedData("a test"));
    }

    /** Creates the folders. */
    public Launchers(Limits limits, DataView data) throws IOException {
        sockets = SocketFolder.create();
        work = Files.createTempDirectory("athanor-work-");
        launcher =
                new ProcessLauncher(
                        ProcessLauncher.ownJava(),
                        ProcessLauncher.ownRuntime(),
                        sockets,
                        work,
                        limits,
                        data);
    }

    public ProcessLauncher launcher() {
        return launcher;
    }

    public Path sockets() {
        return sockets;
    }

    public Path work() {
        return work;
    }

    /** Returns the class path entry that holds the test functions. */
    public static Path functions() {
        return location(Functions.class);
    }

    /** Returns the jar or folder that a class was loaded from. */
    public static Path location(Class<?> type) {
        try {
            return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Describes a sandbox with the test functions. */
    public static SandboxSpec spec(String machineType) {
        return spec(machineType, List.of(functions()));
    }

    /** Describes a sandbox. */
    public static SandboxSpec spec(String machineType, List<Path> classPath) {
        return spec(machineType, classPath, Path.of(System.getProperty("java.io.tmpdir")));
    }

    /** Describes a sandbox with the test functions that has a folder for data. */
    public static SandboxSpec specWithData(Path dataFolder) {
        return spec("S", List.of(functions()), dataFolder);
    }

    private static SandboxSpec spec(String machineType, List<Path> classPath, Path dataFolder) {
        return new SandboxSpec(
                SandboxKey.of("default", "none", List.of(), machineType, Map.of()),
                MachineTypes.find(machineType).orElseThrow(),
                classPath,
                dataFolder,
                START_TIMEOUT);
    }

    /** Removes the folders, which have to be empty. */
    @Override
    public void close() throws IOException {
        Files.delete(sockets);
        Files.delete(work);
    }
}
