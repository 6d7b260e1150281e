package dev.athanor.api;

/**
 * The client has as many calls under way as it may have; the message says how many. Only clients
 * that were built with {@link AthanorClient.WhenFull#FAIL} throw it: others wait.
 */
public final class TooManyCallsException extends AthanorException {
    private static final long serialVersionUID = 1L;

    public TooManyCallsException(String message) {
        super(message, null, true);
    }
}
