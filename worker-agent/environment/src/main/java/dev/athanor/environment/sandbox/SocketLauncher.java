package dev.athanor.environment.sandbox;

import dev.athanor.runtime.protocol.Protocol;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** Launches sandboxes that speak frames over a socket of the file system, however they start. */
public final class SocketLauncher implements SandboxLauncher {
    private final Starter starter;
    private final Path socketFolder;
    private final long maxPayloadBytes;
    private final AtomicLong sockets = new AtomicLong();

    /**
     * Creates a launcher.
     *
     * @param starter starts their processes; closed with the launcher
     * @param socketFolder where sockets go, see {@link SocketFolder#create}
     * @param maxPayloadBytes largest arguments or result, in bytes, 1 to 1 GiB; as much as that is
     *     held in memory for each call
     */
    public SocketLauncher(Starter starter, Path socketFolder, long maxPayloadBytes) {
        if (maxPayloadBytes < 1 || maxPayloadBytes > Protocol.MAX_PAYLOAD_BYTES) {
            throw new IllegalArgumentException(
                    "payloads can have 1 to "
                            + Protocol.MAX_PAYLOAD_BYTES
                            + " bytes, got a limit of "
                            + maxPayloadBytes);
        }
        this.starter = starter;
        this.socketFolder = socketFolder.toAbsolutePath();
        this.maxPayloadBytes = maxPayloadBytes;
    }

    @Override
    public Sandbox launch(SandboxSpec spec) throws InterruptedException {
        RunningCalls calls = new RunningCalls();
        NativeLines lines = new NativeLines(calls);
        Path path = socketFolder.resolve("s" + sockets.incrementAndGet());
        try (SandboxSocket socket = SandboxSocket.listen(path)) {
            SandboxProcess process =
                    new SandboxProcess(starter.start(spec, path), spec.machineType(), lines);
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
        starter.close();
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
