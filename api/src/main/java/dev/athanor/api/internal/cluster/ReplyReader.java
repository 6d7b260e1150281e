package dev.athanor.api.internal.cluster;

import dev.athanor.api.AthanorException;
import dev.athanor.api.CancelledCallException;
import dev.athanor.api.LostException;
import dev.athanor.api.TimedOutException;
import dev.athanor.api.TimedOutException.Phase;
import dev.athanor.api.UnserializableException;
import dev.athanor.api.internal.call.Failed;
import dev.athanor.api.internal.payload.ResultReader;
import dev.athanor.runtime.json.JsonArguments;
import dev.athanor.runtime.json.JsonException;
import dev.athanor.runtime.protocol.FailureKind;
import dev.athanor.runtime.protocol.RemoteThrowable;
import dev.athanor.schemas.BlobAddress;
import dev.athanor.schemas.Failure;
import dev.athanor.schemas.FailureCode;
import dev.athanor.schemas.Outcome;
import dev.athanor.schemas.Payload;
import dev.athanor.schemas.PayloadCodec;
import dev.athanor.schemas.Reply;
import dev.athanor.schemas.StackFrame;
import dev.athanor.schemas.ThrowableData;
import java.nio.ByteBuffer;
import java.util.function.Function;
import java.util.function.Supplier;
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
        return result(
                reply, call.function().name(), () -> call.function().resultReader(call.bundles()));
    }

    /**
     * A function's result.
     *
     * @param name of the function, for messages
     * @param reader of what it returns and throws
     * @throws AthanorException when there is none
     */
    @Nullable Object result(Reply reply, String name, Supplier<ResultReader> reader) {
        if (reply.getOutcome() != Outcome.SUCCEEDED) {
            throw failure(reply, name, reader);
        }
        Payload result = reply.getResult();
        return result == null ? null : read(result, reader.get());
    }

    /**
     * The result in JSON of a registered function.
     *
     * @param type what it is read as
     * @param reader of what functions throw
     * @throws AthanorException when there is none
     */
    @Nullable Object jsonResult(
            Reply reply, String name, Class<?> type, Supplier<ResultReader> reader) {
        if (reply.getOutcome() != Outcome.SUCCEEDED) {
            throw failure(reply, name, reader);
        }
        Payload result = reply.getResult();
        if (result == null) {
            return null;
        }
        if (result.getCodec() != PayloadCodec.JSON) {
            throw unreadable(result);
        }
        try {
            return JsonArguments.value(bytes(result), type, "the result");
        } catch (JsonException e) {
            throw new UnserializableException("%s: %s".formatted(name, e.getMessage()), e);
        }
    }

    private static UnserializableException unreadable(Payload payload) {
        return new UnserializableException(
                "the result is encoded as %s, which cannot be read here"
                        .formatted(payload.getCodec()),
                null);
    }

    private byte[] bytes(Payload payload) {
        if (payload.getBlob() != null) {
            return blobs.apply(payload.getBlob());
        }
        ByteBuffer content = payload.getContent().duplicate();
        byte[] bytes = new byte[content.remaining()];
        content.get(bytes);
        return bytes;
    }

    private @Nullable Object read(Payload payload, ResultReader reader) {
        if (payload.getCodec() != PayloadCodec.JAVA) {
            throw unreadable(payload);
        }
        return reader.read(bytes(payload));
    }

    private AthanorException failure(Reply reply, String name, Supplier<ResultReader> reader) {
        Failure failure = reply.getFailure();
        if (failure == null) {
            return byOutcome(reply.getOutcome(), name + ": no reason was given");
        }
        if (failure.getCode() == FailureCode.UNKNOWN) {
            return byOutcome(reply.getOutcome(), name + ": " + failure.getMessage());
        }
        return new Failed(
                        FailureKind.named(failure.getCode().name()),
                        failure.getMessage(),
                        failure.getThrowables().stream().map(ReplyReader::throwable).toList(),
                        () -> original(failure, reader),
                        failure.getLargerMachineType())
                .toException(name);
    }

    private static AthanorException byOutcome(Outcome outcome, String message) {
        return switch (outcome) {
            case CANCELLED -> new CancelledCallException(message);
            case EXPIRED -> new TimedOutException(Phase.QUEUE, message);
            case TIMED_OUT -> new TimedOutException(Phase.EXECUTION, message);
            case FAILED, LOST, SUCCEEDED, UNKNOWN -> new LostException(message);
        };
    }

    private @Nullable Object original(Failure failure, Supplier<ResultReader> reader) {
        Payload original = failure.getOriginal();
        return original == null ? null : read(original, reader.get());
    }

    private static RemoteThrowable throwable(ThrowableData data) {
        return new RemoteThrowable(
                data.getClassName(),
                data.getMessage(),
                data.getFrames().stream().map(ReplyReader::frame).toList(),
                data.getCause(),
                data.getSuppressed());
    }

    private static StackTraceElement frame(StackFrame frame) {
        String file = frame.getFileName().isEmpty() ? null : frame.getFileName();
        return new StackTraceElement(
                frame.getClassName(), frame.getMethodName(), file, frame.getLineNumber());
    }
}
