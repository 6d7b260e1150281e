package dev.athanor.environment.pool;

import dev.athanor.environment.sandbox.Call;
import dev.athanor.environment.sandbox.CallResult;
import dev.athanor.environment.sandbox.ExitStatus;
import dev.athanor.environment.sandbox.LogSink;
import dev.athanor.environment.sandbox.Sandbox;
import java.util.concurrent.CompletableFuture;

/** A sandbox without a process. */
final class FakeSandbox implements Sandbox {

    private final CompletableFuture<ExitStatus> exit = new CompletableFuture<>();
    private volatile boolean closed;

    @Override
    public CompletableFuture<CallResult> enqueue(Call call, LogSink logs) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void flush() {}

    @Override
    public void withdraw() {}

    @Override
    public void cancel() {}

    @Override
    public void cancel(String correlationId) {}

    @Override
    public void grant(String correlationId, long upTo) {}

    @Override
    public void kill(String correlationId) {
        kill();
    }

    @Override
    public boolean isUsable() {
        return !exit.isDone();
    }

    @Override
    public void kill() {
        exit.complete(new ExitStatus(137, true));
    }

    void die() {
        exit.complete(new ExitStatus(1, false));
    }

    @Override
    public CompletableFuture<ExitStatus> onExit() {
        return exit;
    }

    @Override
    public void close() {
        kill();
        closed = true;
    }

    boolean isClosed() {
        return closed;
    }
}
