package dev.athanor.environment.sandbox;

import java.util.concurrent.CompletableFuture;

/**
 * A running process in which functions are called, one at a time: calls made meanwhile wait in it,
 * in their order. Calls are made by one thread at a time; all else is safe for use by any thread.
 */
public interface Sandbox extends AutoCloseable {

    /**
     * Calls a function. A time limit is the caller's business: {@link #cancel(String)}, a grace
     * period, then {@link #kill(String)}. The thread should be a platform thread, and must not be
     * interrupted while it is here: that ends the sandbox.
     *
     * @param call what to run
     * @param logs takes what it prints
     * @return how it ended; never completed exceptionally. What depends on it without {@code Async}
     *     runs on the sandbox's reading thread: it may start the next call and must not block
     * @throws IllegalStateException if {@link
     *     dev.athanor.runtime.protocol.Protocol#MAX_WAITING_CALLS} calls are waiting or running
     */
    default CompletableFuture<CallResult> invoke(Call call, LogSink logs) {
        CompletableFuture<CallResult> result = enqueue(call, logs);
        flush();
        return result;
    }

    /**
     * Calls a function behind those that wait or run already, as {@link #invoke} does, but may
     * leave it with the next {@link #invoke} or {@link #flush} to hand the call over.
     */
    CompletableFuture<CallResult> enqueue(Call call, LogSink logs);

    /** Hands over what was enqueued. */
    void flush();

    /**
     * Takes back the calls that have not started, each of which ends as {@link
     * CallResult.NotStarted}; the running one goes on.
     */
    void withdraw();

    /**
     * Interrupts the running call, if there is one; whether it heeds that is up to the function.
     */
    void cancel();

    /**
     * Interrupts one call, or takes it back where it has not started, which then ends as {@link
     * CallResult.NotStarted}; the others go on. Blocks while the sandbox takes no frames.
     *
     * @param correlationId of the invocation; does nothing if it is not here any more
     */
    void cancel(String correlationId);

    /**
     * Lets a call that yields go further. Blocks while the sandbox takes no frames.
     *
     * @param correlationId of the invocation; does nothing if it does not run here
     * @param upTo values of a lower index may come
     */
    void grant(String correlationId, long upTo);

    /**
     * Does what {@link #kill()} does, if it is that call that runs.
     *
     * @param correlationId of the invocation
     */
    void kill(String correlationId);

    /**
     * Tells whether calls can be made.
     *
     * @return false once the process has ended, is about to, or is not to be trusted any more
     */
    boolean isUsable();

    /** Kills the process and those that it has started, at once and without waiting for the end. */
    void kill();

    /**
     * Tells when and how the process ended.
     *
     * @return completed when it has ended and what belonged to it is removed
     */
    CompletableFuture<ExitStatus> onExit();

    /**
     * Kills the process and waits, at most 10 s, until it is gone and its work folder removed. A
     * running call ends as {@link CallResult.Died}.
     */
    @Override
    void close();
}
