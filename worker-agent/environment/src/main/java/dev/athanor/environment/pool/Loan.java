package dev.athanor.environment.pool;

import dev.athanor.environment.sandbox.Sandbox;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/** A pool's sandbox in the hands of a caller. */
final class Loan implements PooledSandbox {

    /** Far beyond any process's life, and far from where sums of nanoseconds overflow. */
    private static final Duration LONGEST = Duration.ofDays(36_500);

    private final HotPool pool;
    private final LiveSandbox entry;
    private final boolean hot;
    private final AtomicBoolean ended = new AtomicBoolean();

    Loan(HotPool pool, LiveSandbox entry, boolean hot) {
        this.pool = pool;
        this.entry = entry;
        this.hot = hot;
    }

    @Override
    public boolean hot() {
        return hot;
    }

    @Override
    public Sandbox sandbox() {
        return entry.sandbox();
    }

    @Override
    public void release(Duration keepAlive) {
        if (keepAlive.isNegative()) {
            throw new IllegalArgumentException("keep-alive must be 0 or more, got " + keepAlive);
        }
        Duration kept = keepAlive.compareTo(LONGEST) > 0 ? LONGEST : keepAlive;
        if (ended.compareAndSet(false, true)) {
            pool.takeBack(entry, kept.toNanos());
        }
    }

    @Override
    public void discard() {
        if (ended.compareAndSet(false, true)) {
            pool.discard(entry);
        }
    }
}
