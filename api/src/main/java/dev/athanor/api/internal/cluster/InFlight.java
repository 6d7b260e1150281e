package dev.athanor.api.internal.cluster;

import dev.athanor.api.CancelledCallException;
import dev.athanor.api.TooManyCallsException;
import java.util.concurrent.CompletableFuture;

/**
 * Bounds what a client has under way, so that a caller that is faster than the agents is held up or
 * told rather than fill its memory. Thread-safe.
 */
final class InFlight {
    private final ClusterSettings settings;

    // Both guarded by this.
    private int calls;
    private long bytes;

    InFlight(ClusterSettings settings) {
        this.settings = settings;
    }

    /**
     * Counts a call in; waits for room, where the client is to wait.
     *
     * @param size of its arguments, in bytes; a call that is alone always has room
     * @throws TooManyCallsException where it is not
     * @throws CancelledCallException when the thread is interrupted
     */
    synchronized void enter(long size) {
        while (isFull(size)) {
            if (settings.failsWhenFull()) {
                throw new TooManyCallsException(
                        ("%,d calls with %,d bytes of arguments are under way; at most"
                                        + " maxInFlight(%,d) and maxInFlightBytes(%,d) may be")
                                .formatted(
                                        calls,
                                        bytes,
                                        settings.maxInFlight(),
                                        settings.maxInFlightBytes()));
            }
            try {
                wait();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new CancelledCallException(
                        "interrupted while %,d calls were under way".formatted(calls), e);
            }
        }
        calls++;
        bytes += size;
    }

    private boolean isFull(long size) {
        return calls >= settings.maxInFlight()
                || (calls > 0 && size > settings.maxInFlightBytes() - bytes);
    }

    /** Counts a call out when it has ended, however it did. */
    @SuppressWarnings("FutureReturnValueIgnored") // Leaving does not fail.
    void leaveAtEnd(CompletableFuture<?> call, long size) {
        call.whenComplete((result, failure) -> leave(size));
    }

    /** Counts a call out that was counted in with that size. */
    synchronized void leave(long size) {
        calls--;
        bytes -= size;
        notifyAll();
    }
}
