package dev.athanor.api;

import java.time.Duration;

/**
 * As much of the tenant waits in the cluster as may, and nothing was submitted; the message says
 * what waits and how much of it may.
 */
public final class QueueFullException extends AthanorException {
    private static final long serialVersionUID = 1L;

    private final Duration retryAfter;

    public QueueFullException(String message, Duration retryAfter) {
        super(message, null, true);
        this.retryAfter = retryAfter;
    }

    /** When the cluster says that it is worth asking again. */
    public Duration retryAfter() {
        return retryAfter;
    }
}
