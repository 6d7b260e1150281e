package dev.athanor.environment.sandbox;

import dev.athanor.environment.data.DataView;
import dev.athanor.environment.limits.Cell;
import dev.athanor.environment.limits.Limits;
import dev.athanor.runtime.SandboxMain;
import dev.athanor.runtime.protocol.Protocol;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.security.CodeSource;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Launches sandboxes as child processes of this one, JVMs and Pythons, in an {@link Enclosure}.
 * Without one they run as this user, and where limits are not enforced, processes that a function
 * starts and leaves behind when it ends its sandbox itself are not found again.
 */
public final class ProcessLauncher implements SandboxLauncher {

    /** Largest arguments or result by default, in bytes: 64 MiB. */
    public static final long DEFAULT_PAYLOAD_BYTES = 64L << 20;

    private final Path javaExecutable;
    private final Path runtime;
    private final PythonRuntime pythonRuntime;
    private final long maxPayloadBytes;
    private final Path socketFolder;
    private final Path workFolder;
    private final Limits limits;
    private final Enclosure enclosure;
    private final Spawner spawner = new Spawner();
    private final AtomicLong sockets = new AtomicLong();

    /**
     * Creates a launcher. Nothing is started yet, and no path is looked at.
     *
     * @param javaExecutable the {@code java} of a JDK 17 or newer
     * @param runtime jar or classes folder of the sandbox's runtime, see {@link #ownRuntime}
     * @param socketFolder where sockets go, see {@link SocketFolder#create}
     * @param workFolder where each sandbox gets a folder of its own; created when missing
     * @param limits enforces the sizes of machine types
     * @param data shows sandboxes their persistent folder
     */
    public ProcessLauncher(
            Path javaExecutable,
            Path runtime,
            Path socketFolder,
            Path workFolder,
            Limits limits,
            DataView data) {
        this(
                javaExecutable,
                runtime,
                socketFolder,
                workFolder,
                DEFAULT_PAYLOAD_BYTES,
                limits,
                data);
    }

    /**
     * Creates a launcher for payloads of another size.
     *
     * @param javaExecutable the {@code java} of a JDK 17 or newer
     * @param runtime jar or classes folder of the sandbox's runtime, see {@link #ownRuntime}
     * @param socketFolder where sockets go, see {@link SocketFolder#create}
     * @param workFolder where each sandbox gets a folder of its own; created when missing
     * @param maxPayloadBytes largest arguments or result, in bytes, 1 to 1 GiB; as much as that is
     *     held in memory for each call
     * @param limits enforces the sizes of machine types
     * @param data shows sandboxes their persistent folder
     */
    public ProcessLauncher(
            Path javaExecutable,
            Path runtime,
            Path socketFolder,
            Path workFolder,
            long maxPayloadBytes,
            Limits limits,
            DataView data) {
        this(
                javaExecutable,
                runtime,
                socketFolder,
                workFolder,
                maxPayloadBytes,
                limits,
                new OpenEnclosure(data));
    }

    /**
     * Creates a launcher for sandboxes in an enclosure.
     *
     * @param javaExecutable the {@code java} of a JDK 17 or newer
     * @param runtime jar or classes folder of the sandbox's runtime, see {@link #ownRuntime}
     * @param socketFolder where sockets go, see {@link SocketFolder#create}
     * @param workFolder where each sandbox gets a folder of its own; created when missing
     * @param maxPayloadBytes largest arguments or result, in bytes, 1 to 1 GiB; as much as that is
     *     held in memory for each call
     * @param limits enforces the sizes of machine types
     * @param enclosure keeps sandboxes apart; closed with the launcher
     */
    public ProcessLauncher(
            Path javaExecutable,
            Path runtime,
            Path socketFolder,
            Path workFolder,
            long maxPayloadBytes,
            Limits limits,
            Enclosure enclosure) {
        if (maxPayloadBytes < 1 || maxPayloadBytes > Protocol.MAX_PAYLOAD_BYTES) {
            throw new IllegalArgumentException(
                    "payloads can have 1 to "
                            + Protocol.MAX_PAYLOAD_BYTES
                            + " bytes, got a limit of "
                            + maxPayloadBytes);
        }
        this.maxPayloadBytes = maxPayloadBytes;
        this.limits = limits;
        this.enclosure = enclosure;
        this.javaExecutable = javaExecutable;
        this.runtime = runtime.toAbsolutePath();
        this.socketFolder = socketFolder.toAbsolutePath();
        this.workFolder = workFolder.toAbsolutePath();
        pythonRuntime = new PythonRuntime(this.workFolder, SandboxMain.class);
    }

    /**
     * Finds the {@code java} that runs this process.
     *
     * @return its path
     */
    public static Path ownJava() {
        return Path.of(System.getProperty("java.home"), "bin", "java");
    }

    /**
     * Finds the runtime that this process was started with: a jar or a classes folder.
     *
     * @return its path
     * @throws IllegalStateException if it lies within another archive; give its path instead
     */
    public static Path ownRuntime() {
        CodeSource source = SandboxMain.class.getProtectionDomain().getCodeSource();
        try {
            URI location = source.getLocation().toURI();
            if (Objects.equals(location.getScheme(), "file")) {
                return Path.of(location);
            }
            throw new IllegalStateException(
                    "the sandbox's runtime lies in " + location + "; a plain file is needed");
        } catch (URISyntaxException e) {
            throw new IllegalStateException("the sandbox's runtime has no location", e);
        }
    }

    @Override
    public Sandbox launch(SandboxSpec spec) throws InterruptedException {
        RunningCalls calls = new RunningCalls();
        NativeLines lines = new NativeLines(calls);
        Path path = socketFolder.resolve("s" + sockets.incrementAndGet());
        try (SandboxSocket socket = SandboxSocket.listen(path)) {
            SandboxProcess process = start(spec, socket, lines);
            try {
                return connect(process, socket, spec, calls);
            } catch (StartFailedException e) {
                end(process);
                throw withOutput(e, lines);
            } catch (IOException | InterruptedException | RuntimeException e) {
                end(process);
                throw e;
            }
        } catch (IOException e) {
            throw StartFailedException.failed(
                    "a sandbox could not be started, with its socket at " + path + ": " + e, e);
        }
    }

    private SandboxProcess start(SandboxSpec spec, SandboxSocket socket, NativeLines lines)
            throws IOException, InterruptedException {
        Cell cell = cell(spec);
        WorkFolder work = null;
        SandboxProcess process = null;
        try {
            work = WorkFolder.create(workFolder);
            process = start(spec, socket, work, cell, lines);
            return process;
        } finally {
            if (process == null) {
                cell.remove();
                if (work != null) {
                    work.delete();
                }
            }
        }
    }

    private SandboxProcess start(
            SandboxSpec spec, SandboxSocket socket, WorkFolder work, Cell cell, NativeLines lines)
            throws IOException, InterruptedException {
        HostFiles files = files(spec.program(), work, socket);
        Room room = enclosure.room(spec, files);
        try {
            return SandboxProcess.start(spawner, spec, work, cell, room, lines);
        } catch (IOException e) {
            room.close();
            throw StartFailedException.failed(
                    "a sandbox could not be started: "
                            + e.getMessage()
                            + "; is "
                            + files.program()
                            + (spec.program() instanceof Program.Python
                                    ? " a Python?"
                                    : " the java of a JDK 17 or newer?"),
                    e);
        }
    }

    private HostFiles files(Program program, WorkFolder work, SandboxSocket socket)
            throws IOException, InterruptedException {
        return program instanceof Program.Python python
                ? new HostFiles(
                        python.interpreter(),
                        pythonRuntime.folder(python.interpreter()),
                        work.path(),
                        socket.path())
                : new HostFiles(javaExecutable, runtime, work.path(), socket.path());
    }

    private Cell cell(SandboxSpec spec) {
        try {
            return limits.cell(spec.machineType());
        } catch (IOException e) {
            throw StartFailedException.failed(
                    "a sandbox could not be started: its limits could not be set: " + e, e);
        }
    }

    private Sandbox connect(
            SandboxProcess process, SandboxSocket socket, SandboxSpec spec, RunningCalls calls)
            throws IOException, InterruptedException {
        long start = System.nanoTime();
        SocketChannel channel = socket.accept(process.process(), spec.startTimeout());
        Duration left = spec.startTimeout().minusNanos(System.nanoTime() - start);
        ProcessSandbox sandbox =
                new ProcessSandbox(process, channel, process.classPath(), calls, maxPayloadBytes);
        sandbox.load(left);
        process.limitCpu();
        return sandbox;
    }

    @Override
    public void close() {
        spawner.close();
        enclosure.close();
        pythonRuntime.close();
    }

    private static void end(SandboxProcess process) throws InterruptedException {
        process.kill();
        process.awaitEnd();
        process.cleanUp();
    }

    private static StartFailedException withOutput(StartFailedException e, NativeLines lines) {
        String output = lines.kept();
        String message =
                "a sandbox could not be started: "
                        + e.getMessage()
                        + (output.isEmpty() ? "" : "; it printed: " + output);
        return e.isTimeout()
                ? StartFailedException.timedOut(message, e)
                : StartFailedException.failed(message, e);
    }
}
