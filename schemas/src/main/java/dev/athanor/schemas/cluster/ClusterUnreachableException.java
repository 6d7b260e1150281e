package dev.athanor.schemas.cluster;

import org.jspecify.annotations.Nullable;

/** A Kafka cluster that did not answer in time, or refused what was asked. */
public final class ClusterUnreachableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ClusterUnreachableException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
