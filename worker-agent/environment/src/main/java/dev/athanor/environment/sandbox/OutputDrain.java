package dev.athanor.environment.sandbox;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Empties a process's pipes while it lives, on a thread of its own: every few milliseconds while a
 * call runs, seldom while none does. What a call wrote last is not left to it, see {@link
 * OutputPipe#endOfCall}. Sees to it as well that the process keeps to its {@link ThreadLimit}.
 */
final class OutputDrain implements Runnable {

    private static final long AFTER_OUTPUT_MILLIS = 1;
    private static final long IN_CALL_MILLIS = 10;
    private static final long IDLE_MILLIS = 100;

    /** A process of the user's may have inherited a pipe and print to it without end. */
    private static final long PATIENCE_NANOS = 1_000_000_000;

    private final List<OutputPipe> pipes;
    private final BooleanSupplier inCall;
    private final ThreadLimit threadLimit;
    private final CountDownLatch stopped = new CountDownLatch(1);

    OutputDrain(List<OutputPipe> pipes, BooleanSupplier inCall, ThreadLimit threadLimit) {
        this.pipes = pipes;
        this.inCall = inCall;
        this.threadLimit = threadLimit;
    }

    void start(String threadName) {
        Thread thread = new Thread(this, threadName);
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void run() {
        try {
            boolean isStopped = false;
            while (!isStopped) {
                threadLimit.check();
                isStopped = stopped.await(pause(drain()), TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            // Nobody does: it is this object's own thread.
            Thread.currentThread().interrupt();
        }
    }

    private long pause(boolean found) {
        if (found) {
            return AFTER_OUTPUT_MILLIS;
        }
        return inCall.getAsBoolean() ? IN_CALL_MILLIS : IDLE_MILLIS;
    }

    private boolean drain() {
        boolean found = false;
        for (OutputPipe pipe : pipes) {
            found |= pipe.drain();
        }
        return found;
    }

    /**
     * Passes on what is left once the process has ended, and closes the pipes.
     *
     * @param quietMillis for how long nothing may come until nothing more is expected: the JDK
     *     takes what a process wrote last out of its pipe, and shows it only some time after saying
     *     that the process has ended
     */
    void stop(long quietMillis) throws InterruptedException {
        stopped.countDown();
        CountDownLatch never = new CountDownLatch(1);
        long end = System.nanoTime() + PATIENCE_NANOS;
        long quiet = 0;
        while (quiet < quietMillis && System.nanoTime() < end) {
            if (never.await(AFTER_OUTPUT_MILLIS, TimeUnit.MILLISECONDS) || drain()) {
                quiet = 0;
            } else {
                quiet += AFTER_OUTPUT_MILLIS;
            }
        }
        while (drain() && System.nanoTime() < end) {
            // There may be more than the pipe held at first.
        }
        for (OutputPipe pipe : pipes) {
            close(pipe);
        }
    }

    private static void close(OutputPipe pipe) {
        pipe.endOfCall();
        try {
            pipe.close();
        } catch (IOException e) {
            // It is of no use any more, whether or not it closed.
            return;
        }
    }
}
