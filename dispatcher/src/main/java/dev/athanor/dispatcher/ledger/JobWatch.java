package dev.athanor.dispatcher.ledger;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A watch for the end of one job, from when it was made until it is closed. */
public final class JobWatch implements AutoCloseable {
    private final CountDownLatch ended;
    private final Runnable close;

    JobWatch(CountDownLatch ended, Runnable close) {
        this.ended = ended;
        this.close = close;
    }

    /** Waits at most that long; true once this process has written an end of the job. */
    public boolean await(Duration timeout) throws InterruptedException {
        return ended.await(timeout.toNanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public void close() {
        close.run();
    }
}
