package dev.athanor.agent.nested;

import dev.athanor.agent.call.Payloads;
import dev.athanor.runtime.protocol.FailureKind;
import dev.athanor.runtime.protocol.LogSource;
import dev.athanor.runtime.protocol.LogStream;
import dev.athanor.runtime.protocol.NestedFailedFrame;
import dev.athanor.runtime.protocol.NestedLogFrame;
import dev.athanor.runtime.protocol.NestedOutcome;
import dev.athanor.runtime.protocol.NestedReply;
import dev.athanor.runtime.protocol.NestedResultFrame;
import dev.athanor.runtime.protocol.RemoteThrowable;
import dev.athanor.schemas.Failure;
import dev.athanor.schemas.LogLine;
import dev.athanor.schemas.Outcome;
import dev.athanor.schemas.Payload;
import dev.athanor.schemas.PayloadCodec;
import dev.athanor.schemas.PhaseTimes;
import dev.athanor.schemas.Reply;
import dev.athanor.schemas.StackFrame;
import dev.athanor.schemas.ThrowableData;
import dev.athanor.schemas.blob.BlobGoneException;
import dev.athanor.schemas.blob.BlobTooLargeException;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Says to a sandbox what Kafka says.
 *
 * @param payloads reads results; may block
 */
record NestedFrames(Payloads payloads) {
    NestedReply reply(String tenant, long nestedId, Reply reply) {
        if (reply.getOutcome() != Outcome.SUCCEEDED) {
            return failed(tenant, nestedId, reply);
        }
        Payload result = reply.getResult();
        if (result == null || result.getCodec() == PayloadCodec.UNKNOWN) {
            return NestedFailedFrame.of(
                    nestedId,
                    outcome(reply),
                    FailureKind.INVALID_RESULT,
                    "the result came in a form that is not known here");
        }
        try {
            return new NestedResultFrame(
                    nestedId,
                    outcome(reply),
                    Payloads.code(result.getCodec()),
                    payloads.bytes(tenant, result));
        } catch (BlobGoneException | BlobTooLargeException e) {
            return NestedFailedFrame.of(
                    nestedId,
                    outcome(reply),
                    FailureKind.UNAVAILABLE,
                    "the result cannot be read: " + e.getMessage());
        }
    }

    private NestedFailedFrame failed(String tenant, long nestedId, Reply reply) {
        Failure failure = reply.getFailure();
        if (failure == null) {
            return NestedFailedFrame.of(
                    nestedId, outcome(reply), kind(reply.getOutcome()), "no reason was given");
        }
        FailureKind kind = FailureKind.named(failure.getCode().name());
        return NestedFailedFrame.of(
                        nestedId,
                        outcome(reply),
                        kind == FailureKind.UNKNOWN ? kind(reply.getOutcome()) : kind,
                        failure.getMessage())
                .with(
                        failure.getLargerMachineType(),
                        throwables(failure.getThrowables()),
                        original(tenant, failure.getOriginal()));
    }

    private static FailureKind kind(Outcome outcome) {
        return switch (outcome) {
            case CANCELLED -> FailureKind.CANCELLED;
            case EXPIRED -> FailureKind.DEADLINE_PASSED;
            case TIMED_OUT -> FailureKind.EXECUTION_TIMEOUT;
            case FAILED, LOST, SUCCEEDED, UNKNOWN -> FailureKind.UNKNOWN;
        };
    }

    private byte @Nullable [] original(String tenant, @Nullable Payload original) {
        try {
            return original == null ? null : payloads.bytes(tenant, original);
        } catch (BlobGoneException | BlobTooLargeException e) {
            // Its description says all that matters.
            return null;
        }
    }

    private static NestedOutcome outcome(Reply reply) {
        PhaseTimes times = reply.getPhases();
        return new NestedOutcome(
                reply.getCorrelationId(),
                reply.getAttempt(),
                reply.getAgent(),
                reply.getHot(),
                times.getQueue(),
                times.getBuild(),
                times.getStart(),
                times.getRun(),
                reply.getDroppedLogLines(),
                reply.getEscalatedFrom());
    }

    /** A reference to a throwable that is not there would end the conversation. */
    private static List<RemoteThrowable> throwables(List<ThrowableData> data) {
        int count = data.size();
        return data.stream()
                .map(each ->
                        new RemoteThrowable(
                                each.getClassName(),
                                each.getMessage(),
                                each.getFrames().stream().map(NestedFrames::frame).toList(),
                                each.getCause() < count ? Math.max(-1, each.getCause()) : -1,
                                each.getSuppressed().stream()
                                        .filter(index -> index >= 0 && index < count)
                                        .toList()))
                .toList();
    }

    private static StackTraceElement frame(StackFrame frame) {
        String file = frame.getFileName().isEmpty() ? null : frame.getFileName();
        return new StackTraceElement(
                frame.getClassName(), frame.getMethodName(), file, frame.getLineNumber());
    }

    /** The lines from an index on. */
    static NestedLogFrame lines(long nestedId, List<LogLine> lines, int from) {
        return new NestedLogFrame(
                nestedId,
                IntStream.range(from, lines.size())
                        .mapToObj(lines::get)
                        .map(line ->
                                new NestedLogFrame.Line(
                                        source(line), stream(line), line.getAt(), line.getText()))
                        .toList());
    }

    private static LogSource source(LogLine line) {
        return switch (line.getSource()) {
            case BUILD -> LogSource.BUILD;
            case FUNCTION -> LogSource.FUNCTION;
            case AGENT, UNKNOWN -> LogSource.AGENT;
        };
    }

    private static LogStream stream(LogLine line) {
        return line.getStream() == dev.athanor.schemas.LogStream.STDERR
                ? LogStream.STDERR
                : LogStream.STDOUT;
    }
}
