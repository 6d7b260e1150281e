package dev.athanor.api.internal.cluster;

import dev.athanor.schemas.Failure;
import dev.athanor.schemas.FailureCode;
import dev.athanor.schemas.Invocation;
import dev.athanor.schemas.LogLine;
import dev.athanor.schemas.LogLines;
import dev.athanor.schemas.LogSource;
import dev.athanor.schemas.LogStream;
import dev.athanor.schemas.Outcome;
import dev.athanor.schemas.Payload;
import dev.athanor.schemas.PayloadCodec;
import dev.athanor.schemas.PhaseTimes;
import dev.athanor.schemas.Reply;
import dev.athanor.schemas.StackFrame;
import dev.athanor.schemas.ThrowableData;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Replies as agents write them. */
final class FakeReplies {
    private FakeReplies() {}

    static Reply succeeded(Invocation invocation, Object result) {
        return reply(invocation, Outcome.SUCCEEDED)
                .setResult(
                        new Payload(PayloadCodec.JAVA, ByteBuffer.wrap(serialized(result)), null))
                .build();
    }

    static Reply failed(Invocation invocation, FailureCode code, String message) {
        return reply(invocation, Outcome.FAILED)
                .setFailure(
                        Failure.newBuilder()
                                .setCode(code)
                                .setMessage(message)
                                .setThrowables(List.of())
                                .build())
                .build();
    }

    static Reply threw(Invocation invocation, Throwable thrown) {
        ThrowableData data =
                ThrowableData.newBuilder()
                        .setClassName(thrown.getClass().getName())
                        .setMessage(thrown.getMessage())
                        .setFrames(List.of(new StackFrame("com.acme.Job", "remote", "Job.java", 1)))
                        .build();
        return reply(invocation, Outcome.FAILED)
                .setFailure(
                        Failure.newBuilder()
                                .setCode(FailureCode.FUNCTION_THREW)
                                .setMessage("threw")
                                .setThrowables(List.of(data))
                                .setOriginal(
                                        new Payload(
                                                PayloadCodec.JAVA,
                                                ByteBuffer.wrap(serialized(thrown)),
                                                null))
                                .build())
                .build();
    }

    static Reply.Builder reply(Invocation invocation, Outcome outcome) {
        return Reply.newBuilder()
                .setCorrelationId(invocation.getCorrelationId())
                .setOutcome(outcome)
                .setAgent("agent-1")
                .setPhases(PhaseTimes.newBuilder().build());
    }

    static LogLines lines(String id, int attempt, long first, String... texts) {
        List<LogLine> lines = new ArrayList<>();
        for (String text : texts) {
            lines.add(new LogLine(LogSource.FUNCTION, LogStream.STDOUT, 1L, text));
        }
        return LogLines.newBuilder()
                .setCorrelationId(id)
                .setAttempt(attempt)
                .setFirstIndex(first)
                .setLines(lines)
                .build();
    }

    private static byte[] serialized(Object value) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(value);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
