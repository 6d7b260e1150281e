package dev.athanor.api.internal.call;

import dev.athanor.api.AthanorException;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Hands the lines and the outcome of one call to its caller: in their order, on callback threads,
 * one at a time. Safe for any number of threads, none of which waits for the caller.
 */
public final class Handover<R extends @Nullable Object> {
    /** While this many lines wait for a slow listener, further ones are dropped. */
    private static final int MOST_WAITING_LINES = 10_000;

    private final CallFuture<R> future = new CallFuture<>();
    private final SerialExecutor serial;
    private final AtomicInteger waitingLines = new AtomicInteger();
    private final AtomicLong droppedLines = new AtomicLong();

    public Handover(Executor callbacks) {
        this.serial = new SerialExecutor(callbacks);
    }

    public CallFuture<R> future() {
        return future;
    }

    /**
     * Has lines delivered, or counts them as dropped.
     *
     * @param count how many they are
     */
    public void lines(int count, Runnable delivery) {
        if (waitingLines.get() >= MOST_WAITING_LINES) {
            droppedLines.addAndGet(count);
            return;
        }
        waitingLines.addAndGet(count);
        serial.execute(() -> {
            try {
                delivery.run();
            } finally {
                waitingLines.addAndGet(-count);
            }
        });
    }

    public long droppedLines() {
        return droppedLines.get();
    }

    /** Runs what belongs between the lines and the outcome. */
    public void then(Runnable task) {
        serial.execute(task);
    }

    /** Ends the call with what the supplier gives or throws. */
    public void complete(Supplier<R> outcome) {
        serial.execute(() -> end(outcome));
    }

    /**
     * Ends the call likewise, after what else the caller is to hear of its end.
     *
     * @param last may fail, which does not change the outcome
     */
    public void complete(Runnable last, Supplier<R> outcome) {
        // One task, so that a call's end is handed over once.
        serial.execute(() -> {
            try {
                last.run();
            } finally {
                end(outcome);
            }
        });
    }

    private void end(Supplier<R> outcome) {
        try {
            future.complete(outcome.get());
        } catch (RuntimeException | Error e) {
            future.completeExceptionally(e);
        }
    }

    /** Ends the call without a result. */
    public void fail(AthanorException failure) {
        serial.execute(() -> future.completeExceptionally(failure));
    }
}
