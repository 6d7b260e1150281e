package dev.athanor.api;

import org.jspecify.annotations.Nullable;

/**
 * A call that did not succeed. Each subclass means one reason; {@link #isRetriable()} says whether
 * the same call can succeed later.
 */
public abstract sealed class AthanorException extends RuntimeException
        permits BuildFailedException,
                CallerWaitException,
                CancelledCallException,
                FunctionFailedException,
                InvalidFunctionException,
                InvalidOptionException,
                LostException,
                NoSuchJobException,
                QueueFullException,
                RefusedResultException,
                SandboxDiedException,
                StartFailedException,
                SyncFailedException,
                TimedOutException,
                TooLargeException,
                TooManyCallsException,
                UnauthorizedException,
                UnavailableException,
                UnserializableException,
                UnservedException {
    private static final long serialVersionUID = 1L;

    private final boolean retriable;

    AthanorException(String message, @Nullable Throwable cause, boolean retriable) {
        super(message, cause);
        this.retriable = retriable;
    }

    /**
     * Whether the same call, made again, may succeed without anything being changed by its caller.
     */
    public final boolean isRetriable() {
        return retriable;
    }
}
