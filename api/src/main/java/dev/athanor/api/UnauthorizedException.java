package dev.athanor.api;

/** The call was not accepted as coming from its tenant. */
public final class UnauthorizedException extends AthanorException {
    private static final long serialVersionUID = 1L;

    public UnauthorizedException(String message) {
        super(message, null, false);
    }
}
