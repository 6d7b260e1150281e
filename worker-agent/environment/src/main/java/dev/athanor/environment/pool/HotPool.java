package dev.athanor.environment.pool;

import dev.athanor.environment.sandbox.Sandbox;
import dev.athanor.environment.sandbox.SandboxKey;
import dev.athanor.environment.sandbox.SandboxLauncher;
import dev.athanor.environment.sandbox.SandboxSpec;
import dev.athanor.environment.sandbox.StartFailedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Lends sandboxes for one call at a time and keeps them hot in between. It has no thread: its owner
 * calls {@link #expire} as often as sandboxes are to be ended promptly; one whose time is up is not
 * lent even when it is still there. Safe for use by any thread.
 */
public final class HotPool implements AutoCloseable {

    private static final long CLOSE_PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final SandboxLauncher launcher;
    private final int maxLive;
    private final LongSupplier ticker;
    private final ReentrantLock lock = new ReentrantLock();

    /** Signalled when a sandbox becomes idle, a place free, or the pool closed. */
    private final Condition changed = lock.newCondition();

    // All guarded by the lock.
    private final LiveSandboxes live = new LiveSandboxes();

    /** Sandboxes that are being started, live, or being closed. */
    private int places;

    /** Further places, for those whose sandboxes only wait. */
    private int lent;

    private boolean closed;

    /**
     * Creates an empty pool.
     *
     * @param launcher starts sandboxes; closed with the pool
     * @param maxLive how many may exist at once, idle ones included; above 0
     * @param ticker a monotonic clock in nanoseconds, such as {@code System::nanoTime}
     */
    public HotPool(SandboxLauncher launcher, int maxLive, LongSupplier ticker) {
        if (maxLive < 1) {
            throw new IllegalArgumentException("a pool needs room for 1 sandbox, got " + maxLive);
        }
        this.launcher = launcher;
        this.maxLive = maxLive;
        this.ticker = ticker;
    }

    /**
     * Takes an idle sandbox, the one that was used last. Does not wait for anything.
     *
     * @param key which functions it is to serve
     * @return the sandbox, or empty if none is hot and idle
     */
    public Optional<PooledSandbox> tryHot(SandboxKey key) {
        lock.lock();
        try {
            return Optional.ofNullable(lendHot(key));
        } finally {
            lock.unlock();
        }
    }

    /**
     * Starts a sandbox. While the pool is full, an idle one is closed first, the one that was used
     * least recently; while all are busy this waits for one, for the start timeout at most. If one
     * of the same key becomes idle meanwhile, it is lent instead.
     *
     * @param spec what it is to be
     * @return the sandbox
     * @throws StartFailedException if it did not start, or no room came free in time
     * @throws IllegalStateException if the pool is closed
     * @throws InterruptedException if the thread was interrupted
     */
    public PooledSandbox start(SandboxSpec spec) throws InterruptedException {
        PooledSandbox hot = takePlaceOrLendHot(spec);
        if (hot != null) {
            return hot;
        }
        Sandbox sandbox = null;
        try {
            sandbox = launcher.launch(spec);
        } finally {
            if (sandbox == null) {
                freePlace();
            }
        }
        return admit(new LiveSandbox(spec.key(), spec.machineType(), sandbox, ticker.getAsLong()));
    }

    /**
     * Gives another sandbox the place of one whose function waits for it, until {@link
     * #takePlaceBack}.
     */
    public void lendPlace() {
        lock.lock();
        try {
            lent++;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Ends what {@link #lendPlace} began. Where all places are taken by then there is one sandbox
     * too many, until one is idle.
     */
    public void takePlaceBack() {
        lock.lock();
        try {
            lent--;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Closes the idle sandboxes whose time is up, those that have died, and idle ones that take
     * places which were lent.
     */
    public void expire() {
        List<LiveSandbox> cold;
        lock.lock();
        try {
            cold = new ArrayList<>(live.removeCold(ticker.getAsLong()));
            LiveSandbox surplus;
            while (places - cold.size() > maxLive + lent
                    && (surplus = live.removeOldestIdle()) != null) {
                cold.add(surplus);
            }
        } finally {
            lock.unlock();
        }
        closeAndFree(cold);
    }

    /**
     * Tells what there is, for heartbeats and gauges.
     *
     * @return one entry per live sandbox, busy ones included
     */
    public List<HotStatus> status() {
        lock.lock();
        try {
            return live.status(ticker.getAsLong());
        } finally {
            lock.unlock();
        }
    }

    /**
     * Kills all sandboxes, busy ones included, and waits until they are gone; for those that are
     * being started, at most 10 s.
     */
    @Override
    public void close() {
        List<LiveSandbox> all;
        lock.lock();
        try {
            closed = true;
            all = live.removeAll();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        try {
            closeAndFree(all);
            awaitNoPlaces();
        } finally {
            launcher.close();
        }
    }

    void takeBack(LiveSandbox entry, long keepAliveNanos) {
        boolean kept;
        lock.lock();
        try {
            kept = live.takeBack(entry, ticker.getAsLong(), keepAliveNanos);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        if (!kept) {
            closeAndFree(List.of(entry));
        }
    }

    void discard(LiveSandbox entry) {
        boolean present;
        lock.lock();
        try {
            present = live.remove(entry);
        } finally {
            lock.unlock();
        }
        if (present) {
            closeAndFree(List.of(entry));
        }
    }

    private @Nullable PooledSandbox takePlaceOrLendHot(SandboxSpec spec)
            throws InterruptedException {
        LiveSandbox evicted;
        lock.lockInterruptibly();
        try {
            long left = TimeUnit.NANOSECONDS.convert(spec.startTimeout());
            while (true) {
                if (closed) {
                    throw new IllegalStateException("the pool is closed");
                }
                PooledSandbox hot = lendHot(spec.key());
                if (hot != null) {
                    return hot;
                }
                if (places < maxLive + lent) {
                    places++;
                    return null;
                }
                evicted = live.removeOldestIdle();
                if (evicted != null) {
                    break;
                }
                if (left <= 0) {
                    throw StartFailedException.timedOut(
                            "all %d sandboxes of this agent were busy for %s"
                                    .formatted(maxLive, spec.startTimeout()),
                            null);
                }
                left = changed.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
        // Its place goes over to the one that is started next.
        try {
            evicted.sandbox().close();
        } catch (RuntimeException e) {
            freePlace();
            throw e;
        }
        return null;
    }

    private @Nullable PooledSandbox lendHot(SandboxKey key) {
        LiveSandbox entry = live.lendHot(key, ticker.getAsLong());
        return entry == null ? null : new Loan(this, entry, true);
    }

    private PooledSandbox admit(LiveSandbox entry) {
        boolean refused;
        lock.lock();
        try {
            refused = closed;
            if (!refused) {
                live.add(entry);
            }
        } finally {
            lock.unlock();
        }
        if (refused) {
            closeAndFree(List.of(entry));
            throw new IllegalStateException("the pool was closed while a sandbox was starting");
        }
        return new Loan(this, entry, false);
    }

    /** Kills them all before it waits for the first. */
    private void closeAndFree(List<LiveSandbox> entries) {
        entries.forEach(entry -> entry.sandbox().kill());
        RuntimeException failure = null;
        for (LiveSandbox entry : entries) {
            try {
                entry.sandbox().close();
            } catch (RuntimeException e) {
                if (failure == null) {
                    failure = e;
                } else {
                    failure.addSuppressed(e);
                }
            }
            freePlace();
        }
        if (failure != null) {
            throw failure;
        }
    }

    private void freePlace() {
        lock.lock();
        try {
            places--;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void awaitNoPlaces() {
        lock.lock();
        try {
            long left = CLOSE_PATIENCE_NANOS;
            while (places > 0 && left > 0) {
                left = changed.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }
}
