package dev.athanor.environment.docker;

import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.HostConfig;
import dev.athanor.environment.isolation.LauncherParts;
import dev.athanor.environment.isolation.OutboundNetwork;
import dev.athanor.environment.isolation.SandboxUser;
import dev.athanor.environment.sandbox.CommandLine;
import dev.athanor.environment.sandbox.Network;
import dev.athanor.environment.sandbox.Program;
import dev.athanor.environment.sandbox.PythonRuntime;
import dev.athanor.environment.sandbox.Room;
import dev.athanor.environment.sandbox.SandboxSpec;
import dev.athanor.environment.sandbox.StartFailedException;
import dev.athanor.environment.sandbox.Started;
import dev.athanor.environment.sandbox.Starter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Starts sandboxes in containers, each with a network namespace of its own. */
final class DockerStarter implements Starter {
    /** Working directory, home and folder for temporary files. */
    static final String WORK = "/tmp";

    /** Variables of a sandbox whose image names none. */
    static final Map<String, String> PLAIN =
            Map.of("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");

    static final String HOST_NAME = "sandbox";
    private static final String DATA = "/data";
    private static final Path PIPES = ContainerMounts.OWN.resolve("pipes");

    /** What the container begins with: waits for its network, then becomes the runtime. */
    private static final String ENTRY =
            """
            exec >"$0/out" 2>"$0/err" </dev/null
            [ "$1" = none ] || read -r _ <"$0/begin"
            shift
            [ -x "$1" ] || { echo "the image has no $1, which this function needs" >&2; exit 127; }
            # Variables of the engine's and the shell's own.
            unset HOSTNAME SHLVL OLDPWD
            exec "$@"
            """;

    private final EngineAccess access;
    private final LauncherParts parts;
    private final OutboundAccess outbound;
    private final SandboxUser user;
    private final PythonRuntime pythonRuntime;

    DockerStarter(
            EngineAccess access, LauncherParts parts, OutboundAccess outbound, SandboxUser user) {
        this.access = access;
        this.parts = parts;
        this.outbound = outbound;
        this.user = user;
        pythonRuntime = new PythonRuntime(parts.workFolder());
    }

    /** While the engine is away it is waited for, as long as the start may take. */
    @Override
    public Started start(SandboxSpec spec, Path socket) throws IOException, InterruptedException {
        long begin = System.nanoTime();
        while (true) {
            Duration left = spec.startTimeout().minusNanos(System.nanoTime() - begin);
            try {
                access.awaitEngine(left);
                return startNow(spec, socket);
            } catch (EngineAwayException e) {
                if (left.isNegative() || left.isZero()) {
                    throw StartFailedException.timedOut(
                            "a sandbox could not be started: " + e.getMessage(), e);
                }
            }
        }
    }

    private Started startNow(SandboxSpec spec, Path socket)
            throws IOException, InterruptedException {
        user.admit(socket);
        user.give(spec.dataFolder());
        ContainerPipes own =
                ContainerPipes.make(Files.createTempDirectory(parts.workFolder(), "pipes-"));
        boolean started = false;
        try {
            Started result = start(spec, socket, own);
            started = true;
            return result;
        } catch (NotFoundException e) {
            throw StartFailedException.failed(
                    "a sandbox could not be started: there is no image "
                            + access.imageOf(spec)
                            + " on this machine: docker pull or docker load it there",
                    e);
        } catch (DockerException e) {
            throw StartFailedException.failed(
                    "a sandbox could not be started: the engine refuses: " + e.getMessage(), e);
        } finally {
            if (!started) {
                own.close();
            }
        }
    }

    private Started start(SandboxSpec spec, Path socket, ContainerPipes own)
            throws IOException, InterruptedException {
        boolean connected = spec.network() == Network.OUTBOUND && outbound.isOpen();
        ContainerMounts mounts = new ContainerMounts();
        Room room = room(spec, socket, own, mounts, connected);
        CommandLine command = CommandLine.of(spec, room, access.variables(spec));
        HostConfig config = Hardening.of(spec.machineType(), mounts.all());
        Container container =
                access.create(
                        new ContainerPlan(
                                access.imageOf(spec),
                                HOST_NAME,
                                user.ids(),
                                WORK,
                                access.labels(spec),
                                command.environment().entrySet().stream()
                                        .map(each -> each.getKey() + "=" + each.getValue())
                                        .toList(),
                                command.arguments()),
                        config,
                        own);
        boolean begun = false;
        OutboundNetwork network = null;
        try {
            Optional<ProcessHandle> process = access.start(container);
            network = connected ? outbound.connect(process) : null;
            own.begin();
            begun = true;
            return started(spec, container, room, command, releasing(network, own));
        } finally {
            if (!begun) {
                access.discard(container);
                close(network);
            }
        }
    }

    private Started started(
            SandboxSpec spec,
            Container container,
            Room room,
            CommandLine command,
            Runnable release) {
        return new Started(
                container,
                access.cell(container, spec.machineType()),
                room.classPath(),
                command.leaving(),
                room.processesAbove() + command.processesAbove(),
                () -> {
                    access.release(container);
                    release.run();
                });
    }

    private static Runnable releasing(@Nullable OutboundNetwork network, ContainerPipes own) {
        return () -> {
            close(network);
            own.close();
        };
    }

    private static void close(@Nullable OutboundNetwork network) {
        if (network != null) {
            network.close();
        }
    }

    private Room room(
            SandboxSpec spec,
            Path socket,
            ContainerPipes own,
            ContainerMounts mounts,
            boolean connected)
            throws IOException, InterruptedException {
        mounts.show(own.folder(), PIPES);
        if (connected) {
            mounts.show(outbound.resolver(), Path.of("/etc/resolv.conf"));
        }
        Path program;
        Path runtime;
        if (spec.program() instanceof Program.Python python) {
            program = mounts.python(python);
            runtime = pythonRuntime.folder(python.interpreter());
        } else {
            program = spec.image().isEmpty() ? EngineAccess.JAVA : mounts.java(parts.java());
            runtime = parts.runtime().toAbsolutePath();
        }
        Path seenRuntime =
                mounts.show(
                        runtime,
                        ContainerMounts.OWN
                                .resolve("runtime")
                                .resolve(String.valueOf(runtime.getFileName())));
        Path seenSocket = mounts.open(socket, ContainerMounts.OWN.resolve("socket"));
        List<Path> classPath = mounts.classPath(spec.classPath());
        mounts.open(spec.dataFolder(), Path.of(DATA));
        return new Room(
                program,
                seenRuntime,
                Path.of(WORK),
                seenSocket,
                classPath,
                DATA,
                List.of("/bin/sh", "-c", ENTRY, PIPES.toString(), connected ? "wait" : "none"),
                // The engine's init.
                1,
                () -> {});
    }

    @Override
    public void close() {
        access.close();
        outbound.close();
        pythonRuntime.close();
    }

    /** Makes the folder for work, which is for the Python runtime only. */
    static void prepare(LauncherParts parts) throws IOException {
        Files.createDirectories(parts.workFolder());
    }
}
