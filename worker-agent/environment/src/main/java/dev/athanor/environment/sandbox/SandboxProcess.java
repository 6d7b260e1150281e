package dev.athanor.environment.sandbox;

import dev.athanor.environment.data.DataView;
import dev.athanor.environment.limits.Cell;
import dev.athanor.environment.machine.MachineType;
import dev.athanor.runtime.protocol.LogStream;
import dev.athanor.runtime.protocol.Protocol;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The process of a sandbox with its pipes and its work folder. */
final class SandboxProcess {

    /** Exit status after signal 9. */
    private static final int KILLED = 137;

    private static final long EXIT_PATIENCE_MILLIS = 2_000;

    /** What a process says before it ends by itself tells why. */
    private static final long LAST_WORDS_MILLIS = 100;

    private static final long KILL_PATIENCE_MILLIS = 5_000;

    private final Process process;
    private final WorkFolder workFolder;
    private final Cell cell;
    private final Room room;
    private final String leaving;
    private final List<OutputPipe> pipes;
    private final OutputDrain drain;
    private volatile boolean requested;
    private volatile @Nullable String killedFor;

    private SandboxProcess(
            Process process,
            WorkFolder workFolder,
            Cell cell,
            Room room,
            SandboxCommand command,
            MachineType machineType,
            NativeLines lines) {
        this.process = process;
        this.workFolder = workFolder;
        this.cell = cell;
        this.room = room;
        leaving = command.leaving();
        pipes =
                List.of(
                        new OutputPipe(process.getInputStream(), LogStream.STDOUT, lines),
                        new OutputPipe(process.getErrorStream(), LogStream.STDERR, lines));
        drain =
                new OutputDrain(
                        pipes,
                        lines::isInCall,
                        new ThreadLimit(
                                process.pid(),
                                room.processesAbove() + command.processesAbove(),
                                machineType,
                                this::killFor));
        drain.start("athanor-sandbox-" + process.pid() + "-output");
    }

    /**
     * Starts the process.
     *
     * @throws IOException if the operating system refuses
     */
    static SandboxProcess start(
            Spawner spawner,
            SandboxSpec spec,
            WorkFolder work,
            Cell cell,
            Room room,
            NativeLines lines)
            throws IOException {
        SandboxCommand command = SandboxCommand.of(spec, room);
        List<String> all = new ArrayList<>(room.prefix());
        all.addAll(command.arguments(spec.machineType(), room.workFolder(), room.socket()));
        ProcessBuilder builder =
                new ProcessBuilder(cell.command(all)).directory(work.path().toFile());
        SandboxCommand.scrub(builder.environment(), room.workFolder());
        Path programs = command.programs();
        if (programs != null) {
            builder.environment()
                    .merge("PATH", programs.toString(), (path, own) -> own + ":" + path);
        }
        builder.environment().put(DataView.VARIABLE, room.dataFolder());
        builder.environment().putAll(spec.secrets().values());
        Process process = spawner.start(builder);
        process.getOutputStream().close();
        return new SandboxProcess(process, work, cell, room, command, spec.machineType(), lines);
    }

    Process process() {
        return process;
    }

    /** As it sees it. */
    List<Path> classPath() {
        return room.classPath();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Passes on what a call wrote to the pipes; returns how many lines were dropped. */
    long endOfCall() {
        long dropped = 0;
        for (OutputPipe pipe : pipes) {
            dropped += pipe.endOfCall();
        }
        return dropped;
    }

    /** Kills it and what it has started, as far as that is still known to be its. */
    void kill() {
        requested |= process.isAlive();
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        // By its handle: the process itself would close its pipes, and lose what lies in them.
        process.toHandle().destroyForcibly();
        cell.kill();
    }

    /** Says how it ended, to complete "the sandbox …". */
    String how(ExitStatus status) {
        return killedFor != null ? killedFor : status.description(leaving);
    }

    private void killFor(String reason) {
        killedFor = reason;
        kill();
    }

    /** Waits for the end, which it brings about if it does not come by itself. */
    ExitStatus awaitEnd() throws InterruptedException {
        if (!process.waitFor(EXIT_PATIENCE_MILLIS, TimeUnit.MILLISECONDS)) {
            kill();
            process.waitFor(KILL_PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
        }
        drain.stop(requested ? 0 : LAST_WORDS_MILLIS);
        return new ExitStatus(exitCode(), requested);
    }

    /** A kill by the operating system for lack of memory counts as the runtime's own finding. */
    private int exitCode() {
        if (process.isAlive()) {
            return -1;
        }
        int code = process.exitValue();
        return code == KILLED && cell.ranOutOfMemory() ? Protocol.EXIT_OUT_OF_MEMORY : code;
    }

    /** Limits the CPU, once the start is over. */
    void limitCpu() throws IOException {
        cell.limitCpu();
    }

    /** Ends what a function left running, as far as it can be found, and removes its traces. */
    void cleanUp() {
        cell.kill();
        room.close();
        workFolder.delete();
        cell.remove();
    }
}
