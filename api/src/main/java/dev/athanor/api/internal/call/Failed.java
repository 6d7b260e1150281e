package dev.athanor.api.internal.call;

import dev.athanor.api.AthanorException;
import dev.athanor.api.BuildFailedException;
import dev.athanor.api.CancelledCallException;
import dev.athanor.api.FunctionFailedException;
import dev.athanor.api.InvalidFunctionException;
import dev.athanor.api.LostException;
import dev.athanor.api.RefusedResultException;
import dev.athanor.api.SandboxDiedException;
import dev.athanor.api.StartFailedException;
import dev.athanor.api.TimedOutException;
import dev.athanor.api.TimedOutException.Phase;
import dev.athanor.api.TooLargeException;
import dev.athanor.api.UnauthorizedException;
import dev.athanor.api.UnavailableException;
import dev.athanor.api.UnserializableException;
import dev.athanor.api.internal.payload.RemoteThrowables;
import dev.athanor.runtime.protocol.FailureKind;
import dev.athanor.runtime.protocol.RemoteThrowable;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Why a call did not succeed.
 *
 * @param kind for programs
 * @param message for people
 * @param throwables what the function threw first, then causes and suppressed ones
 * @param original reads what the function threw itself, or throws where it is not accepted; gives
 *     null where it did not come along
 * @param largerMachineType the next larger machine type, where memory was short; empty: none
 */
public record Failed(
        FailureKind kind,
        String message,
        List<RemoteThrowable> throwables,
        Supplier<@Nullable Object> original,
        String largerMachineType) {
    /** A failure of nothing that the function threw. */
    public static Failed of(FailureKind kind, @Nullable String message) {
        return new Failed(kind, message == null ? "" : message, List.of(), () -> null, "");
    }

    /** The exception that its caller gets. */
    public AthanorException toException(String function) {
        String named = function + ": " + message;
        return switch (kind) {
            case FUNCTION_THREW -> thrown(function);
            case SANDBOX_DIED -> new SandboxDiedException(named);
            case OUT_OF_MEMORY -> new SandboxDiedException(named, largerMachineType);
            case INVALID_INVOCATION -> new InvalidFunctionException(named);
            case INVALID_RESULT -> new UnserializableException(named);
            case TOO_LARGE -> new TooLargeException(named);
            case BUILD_FAILED -> new BuildFailedException(message);
            case START_FAILED -> new StartFailedException(named);
            case EXECUTION_TIMEOUT -> new TimedOutException(Phase.EXECUTION, named);
            case BUILD_TIMEOUT -> new TimedOutException(Phase.BUILD, named);
            case START_TIMEOUT -> new TimedOutException(Phase.START, named);
            case DEADLINE_PASSED -> new TimedOutException(Phase.QUEUE, named);
            case CANCELLED -> new CancelledCallException(named);
            case BLOB_GONE, ATTEMPTS_EXHAUSTED, UNKNOWN -> new LostException(named);
            case UNAUTHORIZED -> new UnauthorizedException(named);
            case UNAVAILABLE -> new UnavailableException(named);
            case UNKNOWN_MACHINE_TYPE -> new InvalidFunctionException(named);
            case UNSERVED_MACHINE_TYPE -> new UnavailableException(named);
        };
    }

    private FunctionFailedException thrown(String function) {
        Throwable cause = cause();
        return new FunctionFailedException("%s failed: %s".formatted(function, cause), cause);
    }

    /** The throwable itself where its classes are here and accepted, else a stand-in. */
    private Throwable cause() {
        try {
            if (original.get() instanceof Throwable rebuilt) {
                RemoteThrowables.trace(rebuilt, throwables);
                return rebuilt;
            }
        } catch (RefusedResultException | UnserializableException e) {
            return RemoteThrowables.standIn(throwables);
        }
        return RemoteThrowables.standIn(throwables);
    }
}
