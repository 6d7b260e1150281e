package dev.athanor.api;

/**
 * The function threw. The cause is what it threw, with its remote stack trace: an object of its own
 * class where the caller has and accepts that class (see {@link Athanor#allowResult(String...)}),
 * and a {@link RemoteException} in its place otherwise.
 */
public final class FunctionFailedException extends AthanorException {
    private static final long serialVersionUID = 1L;

    public FunctionFailedException(String message, Throwable cause) {
        super(message, cause, false);
    }
}
