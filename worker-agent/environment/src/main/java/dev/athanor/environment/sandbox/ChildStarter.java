package dev.athanor.environment.sandbox;

import dev.athanor.environment.limits.Cell;
import dev.athanor.environment.limits.Limits;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Starts sandboxes as child processes of this one, in an {@link Enclosure}. */
final class ChildStarter implements Starter {
    private final Path javaExecutable;
    private final Path runtime;
    private final PythonRuntime pythonRuntime;
    private final Path workFolder;
    private final Limits limits;
    private final Enclosure enclosure;
    private final Spawner spawner = new Spawner();

    ChildStarter(
            Path javaExecutable,
            Path runtime,
            Path workFolder,
            Limits limits,
            Enclosure enclosure) {
        this.javaExecutable = javaExecutable;
        this.runtime = runtime.toAbsolutePath();
        this.workFolder = workFolder.toAbsolutePath();
        this.limits = limits;
        this.enclosure = enclosure;
        pythonRuntime = new PythonRuntime(this.workFolder);
    }

    @Override
    public Started start(SandboxSpec spec, Path socket) throws IOException, InterruptedException {
        Cell cell = cell(spec);
        WorkFolder work = null;
        Started started = null;
        try {
            work = WorkFolder.create(workFolder);
            started = start(spec, socket, work, cell);
            return started;
        } finally {
            if (started == null) {
                cell.remove();
                delete(work);
            }
        }
    }

    private static void delete(@Nullable WorkFolder work) {
        if (work != null) {
            work.delete();
        }
    }

    private Started start(SandboxSpec spec, Path socket, WorkFolder work, Cell cell)
            throws IOException, InterruptedException {
        HostFiles files = files(spec.program(), work, socket);
        Room room = enclosure.room(spec, files);
        try {
            return start(spec, room, work, cell);
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

    private Started start(SandboxSpec spec, Room room, WorkFolder work, Cell cell)
            throws IOException {
        CommandLine command = CommandLine.of(spec, room, System.getenv());
        ProcessBuilder builder =
                new ProcessBuilder(cell.command(command.arguments()))
                        .directory(work.path().toFile());
        builder.environment().clear();
        builder.environment().putAll(command.environment());
        Process process = spawner.start(builder);
        process.getOutputStream().close();
        return new Started(
                new ChildProcess(process),
                cell,
                room.classPath(),
                command.leaving(),
                room.processesAbove() + command.processesAbove(),
                () -> {
                    room.close();
                    work.delete();
                });
    }

    private HostFiles files(Program program, WorkFolder work, Path socket)
            throws IOException, InterruptedException {
        return program instanceof Program.Python python
                ? new HostFiles(
                        python.interpreter(),
                        pythonRuntime.folder(python.interpreter()),
                        work.path(),
                        socket)
                : new HostFiles(javaExecutable, runtime, work.path(), socket);
    }

    private Cell cell(SandboxSpec spec) {
        try {
            return limits.cell(spec.machineType());
        } catch (IOException e) {
            throw StartFailedException.failed(
                    "a sandbox could not be started: its limits could not be set: " + e, e);
        }
    }

    @Override
    public void close() {
        spawner.close();
        enclosure.close();
        pythonRuntime.close();
    }
}
