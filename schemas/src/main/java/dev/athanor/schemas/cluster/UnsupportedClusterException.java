package dev.athanor.schemas.cluster;

/** A Kafka cluster that Athanor cannot run on; the message says what it lacks. */
public final class UnsupportedClusterException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public UnsupportedClusterException(String message) {
        super(message);
    }
}
