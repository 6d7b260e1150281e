package dev.athanor.api.internal.call;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Threads that run what is the caller's: as many as are busy at a time, so that one that blocks
 * holds up no other call.
 */
public final class CallbackThreads {
    private static final long IDLE_SECONDS = 10;

    private CallbackThreads() {}

    /**
     * Daemon threads.
     *
     * @param name what their names begin with
     */
    public static ExecutorService open(String name) {
        AtomicInteger number = new AtomicInteger();
        return new ThreadPoolExecutor(
                0,
                Integer.MAX_VALUE,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new SynchronousQueue<>(),
                task -> {
                    Thread thread = new Thread(task, name + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
    }
}
