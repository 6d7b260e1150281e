package dev.athanor.environment.sandbox;

import dev.athanor.runtime.protocol.CancelFrame;
import dev.athanor.runtime.protocol.Frame;
import dev.athanor.runtime.protocol.FrameReader;
import dev.athanor.runtime.protocol.FrameTooLargeException;
import dev.athanor.runtime.protocol.FrameWriter;
import dev.athanor.runtime.protocol.GrantFrame;
import dev.athanor.runtime.protocol.HelloFrame;
import dev.athanor.runtime.protocol.InvokeFrame;
import dev.athanor.runtime.protocol.LoadFailedFrame;
import dev.athanor.runtime.protocol.LoadFrame;
import dev.athanor.runtime.protocol.LoadedFrame;
import dev.athanor.runtime.protocol.LogFrame;
import dev.athanor.runtime.protocol.MalformedFrameException;
import dev.athanor.runtime.protocol.NestedCallFrame;
import dev.athanor.runtime.protocol.NestedCancelFrame;
import dev.athanor.runtime.protocol.Protocol;
import dev.athanor.runtime.protocol.RejectedFrame;
import dev.athanor.runtime.protocol.RejectionKind;
import dev.athanor.runtime.protocol.ResultFrame;
import dev.athanor.runtime.protocol.ThrewFrame;
import dev.athanor.runtime.protocol.ValueFrame;
import dev.athanor.runtime.protocol.WithdrawFrame;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** A sandbox that is a process with a socket. A thread of its own reads what it sends. */
final class ProcessSandbox implements Sandbox {

    /**
     * Time for some fifty answers of the shortest calls, and less than a round trip through Kafka.
     * With 256 calls in flight 1 ms raised what two slots carry from 8,200 to 12,300 calls a second
     * over 0.5 ms, since their replies then fill the producer's batches.
     */
    private static final long GATHER_NANOS = 1_000_000;

    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(10);

    private final SandboxProcess process;
    private final SocketChannel channel;
    private final FrameWriter writer;

    // Confined to the reading thread, as is what follows.
    private final FrameReader reader;
    private long drainedAt;

    private final Thread reading;
    private final List<Path> classPath;
    private final int maxFrameBytes;
    private final RunningCalls calls;
    private final NestedFrames nested;
    private final AtomicLong callIds = new AtomicLong();

    /** Completed when calls can be made, or with the reason why not. */
    private final CompletableFuture<Optional<String>> startFailure = new CompletableFuture<>();

    private final CompletableFuture<ExitStatus> exit = new CompletableFuture<>();
    private volatile boolean usable = true;

    // INVARIANT: set before the last calls are removed, so that a call made meanwhile sees it.
    private volatile CallResult.@Nullable Died death;

    ProcessSandbox(
            SandboxProcess process,
            SocketChannel channel,
            List<Path> classPath,
            RunningCalls calls,
            long maxPayloadBytes) {
        this.process = process;
        this.channel = channel;
        this.classPath = classPath;
        this.calls = calls;
        maxFrameBytes = (int) maxPayloadBytes + Protocol.FRAME_OVERHEAD_BYTES;
        writer = new FrameWriter(channel, maxFrameBytes);
        reader = new FrameReader(channel, maxFrameBytes);
        nested = new NestedFrames(calls, writer, this::closeChannel);
        reading = new Thread(this::read, "athanor-sandbox-" + process.process().name());
        reading.setDaemon(true);
    }

    /**
     * Has it load its class path.
     *
     * @throws StartFailedException if it does not, or not in time
     */
    void load(Duration timeout) throws InterruptedException {
        reading.start();
        try {
            Optional<String> failure = startFailure.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
            if (failure.isPresent()) {
                throw StartFailedException.failed(failure.get(), null);
            }
        } catch (TimeoutException e) {
            throw StartFailedException.timedOut("it did not load its class path in time", e);
        } catch (ExecutionException e) {
            throw StartFailedException.failed("it failed while loading", e.getCause());
        }
    }

    @Override
    public CompletableFuture<CallResult> enqueue(Call call, LogSink logs) {
        RunningCall next =
                new RunningCall(
                        callIds.incrementAndGet(),
                        call.correlationId(),
                        logs,
                        call.nested(),
                        new OpenNestedCalls(maxResultBytes(call)),
                        call.values());
        calls.add(next);
        CallResult.Died died = death;
        if (died != null) {
            endWaiting(next.id(), died.message());
            return next.result();
        }
        try {
            writer.append(frame(next.id(), call));
        } catch (FrameTooLargeException e) {
            String message = "the arguments are too large for a sandbox: " + e.getMessage();
            RunningCall refused = calls.removeWaiting(next.id());
            if (refused != null) {
                refused.end(new CallResult.Rejected(RejectionKind.TOO_LARGE, message));
            }
        } catch (IOException e) {
            // The reading thread finds out how the process ended, and ends the call.
            closeChannel();
        }
        return next.result();
    }

    @Override
    public void flush() {
        try {
            writer.flush();
        } catch (IOException e) {
            closeChannel();
        }
    }

    @Override
    public void withdraw() {
        try {
            writer.write(new WithdrawFrame());
        } catch (IOException e) {
            closeChannel();
        }
    }

    @Override
    public void cancel() {
        RunningCall call = calls.running();
        if (call != null) {
            cancel(call);
        }
    }

    @Override
    public void cancel(String correlationId) {
        calls.of(correlationId).forEach(this::cancel);
    }

    private void cancel(RunningCall call) {
        try {
            writer.write(new CancelFrame(call.id()));
        } catch (IOException e) {
            closeChannel();
        }
    }

    @Override
    public void grant(String correlationId, long upTo) {
        RunningCall call = calls.running();
        if (call == null || !call.correlationId().equals(correlationId)) {
            return;
        }
        // First of all: what is granted may come before the frame is known to be written.
        call.grant(upTo);
        try {
            writer.write(new GrantFrame(call.id(), upTo));
        } catch (IOException e) {
            closeChannel();
        }
    }

    @Override
    public boolean isUsable() {
        return usable && process.isAlive();
    }

    @Override
    public void kill() {
        usable = false;
        process.kill();
    }

    @Override
    public void kill(String correlationId) {
        RunningCall call = calls.running();
        if (call != null && call.correlationId().equals(correlationId)) {
            kill();
        }
    }

    @Override
    public CompletableFuture<ExitStatus> onExit() {
        return exit.copy();
    }

    @Override
    public void close() {
        kill();
        if (Thread.currentThread() == reading) {
            return;
        }
        try {
            exit.get(CLOSE_PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException(
                    "process " + process.process().name() + " of a sandbox could not be ended", e);
        }
    }

    private InvokeFrame frame(long id, Call call) {
        return new InvokeFrame(
                id,
                call.codec(),
                call.entryPoint(),
                call.correlationId(),
                call.attempt(),
                maxResultBytes(call),
                call.values().window(),
                call.arguments());
    }

    private long maxResultBytes(Call call) {
        return Math.min(
                call.maxResultBytes(), (long) maxFrameBytes - Protocol.FRAME_OVERHEAD_BYTES);
    }

    /** The reading thread's work. */
    private void read() {
        String failure = null;
        try {
            for (Frame frame = reader.read(); frame != null; frame = reader.read()) {
                handle(frame);
                gather();
            }
        } catch (MalformedFrameException e) {
            failure = "sent what is no frame (" + e.getMessage() + ")";
        } catch (IOException e) {
            // The process is gone, or this side has closed the socket.
            usable = false;
        } catch (RuntimeException e) {
            failure = "was stopped because its agent failed: " + e;
        } finally {
            usable = false;
            finish(failure);
        }
    }

    /**
     * While calls wait in the sandbox, each answer would wake this thread and the next: so it lets
     * a few come together.
     */
    private void gather() {
        if (!reader.hasBuffered() && calls.areWaiting()) {
            LockSupport.parkNanos(this, GATHER_NANOS);
        }
    }

    private void handle(Frame frame) throws IOException {
        if (frame instanceof ResultFrame result) {
            long dropped = result.droppedLogLines() + endOfCall();
            end(
                    result.callId(),
                    new CallResult.Succeeded(
                            result.codec(), result.result(), result.runNanos(), dropped));
        } else if (frame instanceof LogFrame log) {
            RunningCall call = calls.running();
            if (call != null && call.id() == log.callId()) {
                call.lines(log.stream(), log.lines());
            }
        } else if (frame instanceof ValueFrame value) {
            RunningCall call = calls.running();
            if (call != null && call.id() == value.callId()) {
                call.value(value);
            }
        } else if (frame instanceof ThrewFrame threw) {
            usable &= !threw.isOutOfMemory();
            end(threw.callId(), threw(threw, endOfCall()));
        } else if (frame instanceof RejectedFrame rejected) {
            rejected(rejected);
        } else if (frame instanceof NestedCallFrame || frame instanceof NestedCancelFrame) {
            nested.handle(frame);
        } else {
            handleStart(frame);
        }
    }

    /**
     * Passes on what the call wrote to the pipes; returns how many lines were dropped. What the
     * calls of one read wrote lay in the pipes before it, so looking there once is enough for all.
     */
    private long endOfCall() {
        if (reader.reads() == drainedAt) {
            return 0;
        }
        drainedAt = reader.reads();
        return process.endOfCall();
    }

    private void rejected(RejectedFrame rejected) {
        if (rejected.kind() == RejectionKind.NOT_STARTED) {
            endWaiting(rejected.callId(), rejected.message());
        } else {
            endOfCall();
            end(rejected.callId(), new CallResult.Rejected(rejected.kind(), rejected.message()));
        }
    }

    private void handleStart(Frame frame) throws IOException {
        if (frame instanceof HelloFrame hello) {
            if (hello.protocolVersion() == Protocol.VERSION) {
                writer.write(new LoadFrame(classPath.stream().map(Path::toString).toList()));
            } else {
                startFailure.complete(
                        Optional.of(
                                "its runtime speaks version "
                                        + hello.protocolVersion()
                                        + " of the protocol and this agent version "
                                        + Protocol.VERSION));
            }
        } else if (frame instanceof LoadedFrame) {
            startFailure.complete(Optional.empty());
        } else if (frame instanceof LoadFailedFrame failed) {
            startFailure.complete(Optional.of(failed.message()));
        }
    }

    private static CallResult threw(ThrewFrame threw, long droppedMore) {
        return new CallResult.Threw(
                threw.throwables(),
                threw.types(),
                threw.original(),
                threw.runNanos(),
                threw.droppedLogLines() + droppedMore,
                threw.isOutOfMemory());
    }

    /** Removes the call before whoever waits for it is told, who may make the next one. */
    private void end(long callId, CallResult result) {
        RunningCall call = calls.removeRunning(callId);
        if (call != null) {
            call.end(result);
        }
    }

    private void endWaiting(long callId, String why) {
        RunningCall call = calls.removeWaiting(callId);
        if (call != null) {
            call.end(new CallResult.NotStarted(why));
        }
    }

    private void finish(@Nullable String failure) {
        closeChannel();
        if (failure != null) {
            process.kill();
        }
        ExitStatus status = awaitEnd();
        String how = failure == null ? process.how(status) : failure;
        CallResult.Died died = new CallResult.Died(status, "the sandbox " + how);
        death = died;
        boolean first = true;
        for (RunningCall call : calls.removeAll()) {
            call.end(first ? died : new CallResult.NotStarted(died.message()));
            first = false;
        }
        startFailure.complete(Optional.of("it " + how));
        process.cleanUp();
        exit.complete(status);
    }

    private ExitStatus awaitEnd() {
        try {
            return process.awaitEnd();
        } catch (InterruptedException e) {
            process.kill();
            Thread.currentThread().interrupt();
            return new ExitStatus(-1, true);
        }
    }

    private void closeChannel() {
        try {
            channel.close();
        } catch (IOException e) {
            // What matters is that it is not used any more.
            usable = false;
        }
    }
}
