package dev.athanor.environment.testing;

import dev.athanor.environment.data.DataView;
import dev.athanor.environment.data.NamedData;
import dev.athanor.environment.isolation.Enclosures;
import dev.athanor.environment.isolation.Isolation;
import dev.athanor.environment.isolation.NetworkPolicy;
import dev.athanor.environment.limits.Limits;
import dev.athanor.environment.limits.NoLimits;
import dev.athanor.environment.machine.MachineTypes;
import dev.athanor.environment.sandbox.FolderTree;
import dev.athanor.environment.sandbox.Network;
import dev.athanor.environment.sandbox.ProcessLauncher;
import dev.athanor.environment.sandbox.Program;
import dev.athanor.environment.sandbox.SandboxKey;
import dev.athanor.environment.sandbox.SandboxLauncher;
import dev.athanor.environment.sandbox.SandboxSpec;
import dev.athanor.environment.sandbox.SecretValues;
import dev.athanor.environment.sandbox.SocketFolder;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A launcher with folders of its own, for the JVM that runs the tests. */
public final class Launchers implements AutoCloseable {

    /** How long a start may take in tests. */
    public static final Duration START_TIMEOUT = Duration.ofSeconds(30);

    private final Isolation isolation;
    private final Path sockets;
    private final Path work;
    private final Path data;
    private final SandboxLauncher launcher;

    /** Creates the folders, for sandboxes that are bare processes without limits. */
    public Launchers() throws IOException {
        this(Isolation.PROCESS);
    }

    /** Creates the folders, for sandboxes without limits. */
    public Launchers(Isolation isolation) throws IOException {
        this(isolation, new NoLimits("a test"));
    }

    /** Creates the folders. */
    public Launchers(Isolation isolation, Limits limits) throws IOException {
        this(isolation, limits, new NamedData("a test"), NetworkPolicy.open());
    }

    /** Creates the folders, for sandboxes that are bare processes. */
    public Launchers(Limits limits, DataView data) throws IOException {
        this(Isolation.PROCESS, limits, data, NetworkPolicy.open());
    }

    /** Creates the folders, for sandboxes with such a network. */
    public Launchers(Isolation isolation, Limits limits, NetworkPolicy policy) throws IOException {
        this(isolation, limits, new NamedData("a test"), policy);
    }

    private Launchers(Isolation isolation, Limits limits, DataView view, NetworkPolicy policy)
            throws IOException {
        this.isolation = isolation;
        sockets = SocketFolder.create();
        work = Files.createTempDirectory("athanor-work-");
        data = Files.createTempDirectory("athanor-data-");
        launcher =
                isolation == Isolation.DOCKER
                        ? Enclosures.docker(Enclosures.parts(work, sockets), policy)
                        : ofProcesses(limits, view, policy);
    }

    private SandboxLauncher ofProcesses(Limits limits, DataView view, NetworkPolicy policy)
            throws IOException {
        return isolation == Isolation.PROCESS
                ? new ProcessLauncher(
                        ProcessLauncher.ownJava(),
                        ProcessLauncher.ownRuntime(),
                        sockets,
                        work,
                        limits,
                        view)
                : new ProcessLauncher(
                        ProcessLauncher.ownJava(),
                        ProcessLauncher.ownRuntime(),
                        sockets,
                        work,
                        ProcessLauncher.DEFAULT_PAYLOAD_BYTES,
                        limits,
                        Enclosures.bubblewrap(policy));
    }

    public SandboxLauncher launcher() {
        return launcher;
    }

    public Path sockets() {
        return sockets;
    }

    public Path work() {
        return work;
    }

    /** A folder that sandboxes can write to. */
    public Path data() {
        return data;
    }

    /** A file of that folder, as sandboxes see it. */
    public String seenData(String name) {
        Path seen = isolation == Isolation.PROCESS ? data : Path.of("/data");
        return seen.resolve(name).toString();
    }

    /** What the work folders of sandboxes begin with, as these see them. */
    public String seenWork() {
        return isolation == Isolation.PROCESS ? work.toString() : "/tmp";
    }

    /** The one process of that name in a sandbox. */
    public ProcessHandle process(String name) {
        return processes(isolation, ProcessHandle.current(), data, name)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("there is no process " + name));
    }

    /**
     * Processes of that name in sandboxes that another process has started.
     *
     * @param data what those that are in containers see as their data
     */
    public static Stream<ProcessHandle> processes(
            Isolation isolation, ProcessHandle parent, Path data, String name) {
        return isolation == Isolation.DOCKER
                ? ProcessHandle.allProcesses()
                        .filter(each -> name.equals(name(each)) && sees(each, data))
                : parent.descendants().filter(each -> name.equals(name(each)));
    }

    private static boolean sees(ProcessHandle process, Path data) {
        try {
            return Files.readString(Path.of("/proc/" + process.pid() + "/mountinfo"))
                    .contains(data + " /data ");
        } catch (IOException e) {
            return false;
        }
    }

    private static String name(ProcessHandle process) {
        try {
            return Files.readString(Path.of("/proc/" + process.pid() + "/comm")).strip();
        } catch (IOException e) {
            return "";
        }
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
    public SandboxSpec spec(String machineType) {
        return spec(machineType, List.of(functions()));
    }

    /** Describes a sandbox. */
    public SandboxSpec spec(String machineType, List<Path> classPath) {
        return spec(machineType, classPath, data, Network.OUTBOUND);
    }

    /** Describes a sandbox of Python functions. */
    public SandboxSpec spec(String machineType, Path python) {
        return new SandboxSpec(
                SandboxKey.of("default", "none", List.of(), machineType, Map.of()),
                MachineTypes.find(machineType).orElseThrow(),
                new Program.Python(python),
                List.of(),
                data,
                SecretValues.NONE,
                Network.OUTBOUND,
                START_TIMEOUT);
    }

    /** Describes a sandbox without network. */
    public SandboxSpec specWithoutNetwork() {
        return spec("S", List.of(functions()), data, Network.NONE);
    }

    /** Describes a sandbox with the test functions that has a folder for data. */
    public static SandboxSpec specWithData(Path dataFolder) {
        return spec("S", List.of(functions()), dataFolder, Network.OUTBOUND);
    }

    private static SandboxSpec spec(
            String machineType, List<Path> classPath, Path dataFolder, Network network) {
        return new SandboxSpec(
                SandboxKey.of("default", "none", List.of(), machineType, Map.of()),
                MachineTypes.find(machineType).orElseThrow(),
                classPath,
                dataFolder,
                SecretValues.NONE,
                network,
                START_TIMEOUT);
    }

    /** Removes the folders; those of sandboxes have to be empty. */
    @Override
    public void close() throws IOException {
        launcher.close();
        FolderTree.delete(data);
        Files.delete(sockets);
        Files.delete(work);
    }
}
