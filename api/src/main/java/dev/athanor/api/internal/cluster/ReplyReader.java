package dev.athanor.api.internal.cluster;

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
import dev.athanor.api.UnserializableException;
import dev.athanor.api.internal.payload.RemoteThrowables;
import dev.athanor.api.internal.payload.ResultReader;
import dev.athanor.schemas.BlobAddress;
import dev.athanor.schemas.Failure;
import dev.athanor.schemas.FailureCode;
import dev.athanor.schemas.Outcome;
import dev.athanor.schemas.Payload;
import dev.athanor.schemas.PayloadCodec;
import dev.athanor.schemas.Reply;
import java.nio.ByteBuffer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Turns replies into results and exceptions. Safe for any number of threads.
 *
 * @param blobs reads a blob; may block
 */
record ReplyReader(Function<BlobAddress, byte[]> blobs) {
    /**
     * The function's result.
     *
     * @throws AthanorException when there is none
     */
    @Nullable Object result(Reply reply, OutgoingCall call) {
        if (reply.getOutcome() != Outcome.SUCCEEDED) {
            throw failure(reply, call);
        }
        Payload result = reply.getResult();
        return result == null ? null : read(result, reader(call));
    }

    private static ResultReader reader(OutgoingCall call) {
        return call.function().resultReader(call.bundles());
    }

    private @Nullable Object read(Payload payload, ResultReader reader) {
        if (payload.getCodec() != PayloadCodec.JAVA) {
            throw new UnserializableException(
                    "the result is encoded as %s, which cannot be read here"
                            .formatted(payload.getCodec()),
                    null);
        }
        if (payload.getContent() instanceof BlobAddress address) {
            return reader.read(blobs.apply(address));
        }
        ByteBuffer content = ((ByteBuffer) payload.getContent()).duplicate();
        byte[] bytes = new byte[content.remaining()];
        content.get(bytes);
        return reader.read(bytes);
    }

    private AthanorException failure(Reply reply, OutgoingCall call) {
        String name = call.function().name();
        Failure failure = reply.getFailure();
        FailureCode code = failure == null ? FailureCode.UNKNOWN : failure.getCode();
        String message = failure == null ? "no reason was given" : failure.getMessage();
        String named = name + ": " + message;
        return switch (code) {
            case FUNCTION_THREW -> thrown(name, failure, call);
            case SANDBOX_DIED -> new SandboxDiedException(named);
            case OUT_OF_MEMORY ->
                    new SandboxDiedException(
                            named, failure == null ? "" : failure.getLargerMachineType());
            case INVALID_INVOCATION -> new InvalidFunctionException(named);
            case INVALID_RESULT -> new UnserializableException(named);
            case TOO_LARGE -> new TooLargeException(named);
            case BUILD_FAILED -> new BuildFailedException(message);
            case START_FAILED -> new StartFailedException(named);
            case BLOB_GONE -> new LostException(named);
            case EXECUTION_TIMEOUT -> new TimedOutException(Phase.EXECUTION, named);
            case BUILD_TIMEOUT -> new TimedOutException(Phase.BUILD, named);
            case START_TIMEOUT -> new TimedOutException(Phase.START, named);
            case DEADLINE_PASSED -> new TimedOutException(Phase.QUEUE, named);
            case CANCELLED -> new CancelledCallException(named);
            case ATTEMPTS_EXHAUSTED -> new LostException(named);
            case UNAUTHORIZED -> new UnauthorizedException(named);
            case UNKNOWN -> byOutcome(reply.getOutcome(), named);
        };
    }

    private static AthanorException byOutcome(Outcome outcome, String message) {
        return switch (outcome) {
            case CANCELLED -> new CancelledCallException(message);
            case EXPIRED -> new TimedOutException(Phase.QUEUE, message);
            case TIMED_OUT -> new TimedOutException(Phase.EXECUTION, message);
            case FAILED, LOST, SUCCEEDED, UNKNOWN -> new LostException(message);
        };
    }

    private FunctionFailedException thrown(
            String name, @Nullable Failure failure, OutgoingCall call) {
        if (failure == null) {
            throw new IllegalStateException("a failure code comes with its failure");
        }
        Throwable cause = original(failure, call);
        return new FunctionFailedException("%s failed: %s".formatted(name, cause), cause);
    }

    /** The throwable itself where its classes are here and accepted, else a stand-in. */
    private Throwable original(Failure failure, OutgoingCall call) {
        Payload original = failure.getOriginal();
        if (original != null) {
            try {
                if (read(original, reader(call)) instanceof Throwable rebuilt) {
                    RemoteThrowables.trace(rebuilt, failure.getThrowables());
                    return rebuilt;
                }
            } catch (RefusedResultException | UnserializableException e) {
                return RemoteThrowables.standIn(failure.getThrowables());
            }
        }
        return RemoteThrowables.standIn(failure.getThrowables());
    }
}
