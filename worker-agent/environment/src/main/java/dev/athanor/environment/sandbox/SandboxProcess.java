package dev.athanor.environment.sandbox;

import dev.athanor.environment.machine.MachineType;
import dev.athanor.runtime.protocol.LogStream;
import dev.athanor.runtime.protocol.Protocol;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The process of a sandbox with its pipes and its cell. */
final class SandboxProcess {

    /** Exit status after signal 9. */
    private static final int KILLED = 137;

    private static final long EXIT_PATIENCE_MILLIS = 2_000;

    /** What a process says before it ends by itself tells why. */
    private static final long LAST_WORDS_MILLIS = 100;

    private static final long KILL_PATIENCE_MILLIS = 5_000;

    private final HostProcess process;
    private final Started started;
    private final List<OutputPipe> pipes;
    private final OutputDrain drain;
    private volatile boolean requested;
    private volatile @Nullable String killedFor;

    /** Takes over what was started, and begins to empty its pipes. */
    SandboxProcess(Started started, MachineType machineType, NativeLines lines) {
        this.started = started;
        process = started.process();
        pipes =
                List.of(
                        new OutputPipe(process.output(), LogStream.STDOUT, lines),
                        new OutputPipe(process.errors(), LogStream.STDERR, lines));
        drain =
                new OutputDrain(
                        pipes,
                        lines::isInCall,
                        new ThreadLimit(
                                process.pid(),
                                started.processesAbove(),
                                machineType,
                                this::killFor));
        drain.start("athanor-sandbox-" + process.name() + "-output");
    }

    HostProcess process() {
        return process;
    }

    /** As it sees it. */
    List<Path> classPath() {
        return started.classPath();
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
        process.kill();
        started.cell().kill();
    }

    /** Says how it ended, to complete "the sandbox …". */
    String how(ExitStatus status) {
        return killedFor != null ? killedFor : status.description(started.leaving());
    }

    private void killFor(String reason) {
        killedFor = reason;
        kill();
    }

    /** Waits for the end, which it brings about if it does not come by itself. */
    ExitStatus awaitEnd() throws InterruptedException {
        if (!process.awaitExit(EXIT_PATIENCE_MILLIS)) {
            kill();
            process.awaitExit(KILL_PATIENCE_MILLIS);
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
        return code == KILLED && started.cell().ranOutOfMemory()
                ? Protocol.EXIT_OUT_OF_MEMORY
                : code;
    }

    /** Limits the CPU, once the start is over. */
    void limitCpu() throws IOException {
        started.cell().limitCpu();
    }

    /** Ends what a function left running, as far as it can be found, and removes its traces. */
    void cleanUp() {
        started.cell().kill();
        started.release().run();
        started.cell().remove();
    }
}
