package dev.athanor.runtime.protocol;

import java.util.function.LongSupplier;

/**
 * Decides which lines that a function prints are sent: all of them up to {@value #BURST_BYTES}
 * bytes at once and {@value #BYTES_PER_SECOND} bytes per second from then on, each line counted
 * with {@value #LINE_OVERHEAD_BYTES} bytes on top. Not thread-safe.
 */
public final class LineQuota {

    static final long BURST_BYTES = 8 << 20;
    static final long BYTES_PER_SECOND = 2 << 20;
    static final int LINE_OVERHEAD_BYTES = 32;

    private static final long NANOS_PER_SECOND = 1_000_000_000;

    /** How long an empty quota takes to be full again. */
    private static final long REFILL_NANOS = BURST_BYTES / BYTES_PER_SECOND * NANOS_PER_SECOND;

    private final LongSupplier ticker;
    private long refilledAt;
    private long left = BURST_BYTES;

    /**
     * Creates a full quota.
     *
     * @param ticker a monotonic clock, in nanoseconds
     */
    public LineQuota(LongSupplier ticker) {
        this.ticker = ticker;
        refilledAt = ticker.getAsLong();
    }

    /**
     * Takes a line's bytes from the quota.
     *
     * @param bytes length of the line
     * @return false if the line is to be dropped
     */
    public boolean admits(int bytes) {
        long cost = (long) bytes + LINE_OVERHEAD_BYTES;
        if (left < cost) {
            refill();
        }
        if (left < cost) {
            return false;
        }
        left -= cost;
        return true;
    }

    private void refill() {
        long now = ticker.getAsLong();
        long elapsed = Math.min(now - refilledAt, REFILL_NANOS);
        long more = elapsed * BYTES_PER_SECOND / NANOS_PER_SECOND;
        if (more > 0) {
            left = Math.min(left + more, BURST_BYTES);
            refilledAt = now;
        }
    }
}
