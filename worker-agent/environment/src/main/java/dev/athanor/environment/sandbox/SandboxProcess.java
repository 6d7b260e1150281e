package dev.athanor.environment.sandbox;

import dev.athanor.runtime.protocol.LogStream;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The process of a sandbox with its pipes and its work folder. */
final class SandboxProcess {

    private static final long EXIT_PATIENCE_MILLIS = 2_000;
    private static final long KILL_PATIENCE_MILLIS = 5_000;

    /**
     * A process of the user's may have inherited a pipe and hold it open for as long as it likes.
     */
    private static final long PIPE_PATIENCE_MILLIS = 200;

    private final Process process;
    private final WorkFolder workFolder;
    private final List<OutputPipe> pipes;
    private final List<Thread> drains;
    private volatile boolean requested;

    private SandboxProcess(Process process, WorkFolder workFolder, LogSink lines) {
        this.process = process;
        this.workFolder = workFolder;
        pipes =
                List.of(
                        new OutputPipe(process.getInputStream(), LogStream.STDOUT, lines),
                        new OutputPipe(process.getErrorStream(), LogStream.STDERR, lines));
        drains = pipes.stream().map(pipe -> drain(pipe, process.pid())).toList();
    }

    /**
     * Starts the process.
     *
     * @throws IOException if the operating system refuses; the work folder is removed then
     */
    static SandboxProcess start(
            JvmCommand command,
            SandboxSpec spec,
            WorkFolder work,
            SandboxSocket socket,
            LogSink lines)
            throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(
                                command.arguments(spec.machineType(), work.path(), socket.path()))
                        .directory(work.path().toFile());
        JvmCommand.scrub(builder.environment(), work.path());
        try {
            Process process = builder.start();
            process.getOutputStream().close();
            return new SandboxProcess(process, work, lines);
        } catch (IOException e) {
            work.delete();
            throw e;
        }
    }

    Process process() {
        return process;
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Passes on last lines without line end; returns how many lines were dropped. */
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
        process.destroyForcibly();
    }

    /** Waits for the end, which it brings about if it does not come by itself. */
    ExitStatus awaitEnd() throws InterruptedException {
        if (!process.waitFor(EXIT_PATIENCE_MILLIS, TimeUnit.MILLISECONDS)) {
            kill();
            process.waitFor(KILL_PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
        }
        for (Thread drain : drains) {
            drain.join(PIPE_PATIENCE_MILLIS);
        }
        return new ExitStatus(process.isAlive() ? -1 : process.exitValue(), requested);
    }

    void deleteWorkFolder() {
        workFolder.delete();
    }

    private static Thread drain(OutputPipe pipe, long pid) {
        Thread thread = new Thread(pipe, "athanor-sandbox-" + pid + "-output");
        thread.setDaemon(true);
        thread.start();
        return thread;
    }
}
