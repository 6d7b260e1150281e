package dev.athanor.api;

/** The sandbox could not be started. Another machine may do better. */
public final class StartFailedException extends AthanorException {
    private static final long serialVersionUID = 1L;

    public StartFailedException(String message) {
        super(message, null, true);
    }
}
