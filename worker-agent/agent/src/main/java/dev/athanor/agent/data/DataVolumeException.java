package dev.athanor.agent.data;

/** An agent may not serve with the data volume that it has. */
public final class DataVolumeException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    DataVolumeException(String message) {
        super(message);
    }
}
