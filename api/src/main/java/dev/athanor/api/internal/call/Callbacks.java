package dev.athanor.api.internal.call;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Runs what is the caller's, on as many threads as are held up at a time: one that blocks holds up
 * no other. Threads that are not held up go on to the next task by themselves, which spares waking
 * one for each. Safe for any number of threads.
 */
public final class Callbacks implements Executor, AutoCloseable {
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final ExecutorService threads = CallbackThreads.open("athanor-callback-");

    /**
     * Whether a thread is on its way to the tasks.
     *
     * <p>INVARIANT: while tasks wait, one is, or another is about to see to it that one is.
     */
    private final AtomicBoolean isSearching = new AtomicBoolean();

    /** Runs the task soon, after {@link #close} on the present thread. */
    @Override
    public void execute(Runnable task) {
        tasks.add(task);
        if (!search()) {
            drain();
        }
    }

    /** Sends a thread to the tasks where none is on its way; false when there are none any more. */
    private boolean search() {
        if (isSearching.get() || !isSearching.compareAndSet(false, true)) {
            return true;
        }
        try {
            threads.execute(this::arrive);
            return true;
        } catch (RejectedExecutionException e) {
            isSearching.set(false);
            return false;
        }
    }

    private void arrive() {
        isSearching.set(false);
        drain();
    }

    private void drain() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            if (!tasks.isEmpty()) {
                // In vain after close: then this thread takes them, one after the other.
                search();
            }
            run(task);
        }
    }

    private static void run(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error e) {
            Thread thread = Thread.currentThread();
            thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
        }
    }

    /** Lets its threads end once nothing is left for them; does not wait. */
    @Override
    public void close() {
        threads.shutdown();
    }
}
