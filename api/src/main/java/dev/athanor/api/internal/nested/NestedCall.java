package dev.athanor.api.internal.nested;

import dev.athanor.api.AthanorException;
import dev.athanor.api.CallInfo;
import dev.athanor.api.InvalidOptionException;
import dev.athanor.api.LogLine;
import dev.athanor.api.LogListener;
import dev.athanor.api.UnserializableException;
import dev.athanor.api.UnservedException;
import dev.athanor.api.internal.call.CallFuture;
import dev.athanor.api.internal.call.DroppedLines;
import dev.athanor.api.internal.call.EscalationLine;
import dev.athanor.api.internal.call.Failed;
import dev.athanor.api.internal.call.Handover;
import dev.athanor.api.internal.payload.ResultReader;
import dev.athanor.runtime.protocol.FailureKind;
import dev.athanor.runtime.protocol.LogStream;
import dev.athanor.runtime.protocol.NestedFailedFrame;
import dev.athanor.runtime.protocol.NestedLogFrame;
import dev.athanor.runtime.protocol.NestedOutcome;
import dev.athanor.runtime.protocol.NestedReply;
import dev.athanor.runtime.protocol.NestedResultFrame;
import dev.athanor.runtime.protocol.PayloadCodec;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A call under way. What comes for it is handed over in its order, on callback threads; the thread
 * that brings it waits for none of them.
 */
final class NestedCall<R extends @Nullable Object> implements Consumer<NestedReply> {
    private final NestedCallee callee;
    private final Handover<R> handover;
    private final InstantSource clock;

    NestedCall(NestedCallee callee, Executor callbacks, InstantSource clock) {
        this.callee = callee;
        this.handover = new Handover<>(callbacks);
        this.clock = clock;
    }

    CallFuture<R> future() {
        return handover.future();
    }

    @Override
    public void accept(NestedReply reply) {
        if (reply instanceof NestedLogFrame log) {
            LogListener listener = callee.options().logs();
            handover.lines(
                    log.lines().size(), () -> log.lines().forEach(l -> listener.line(line(l))));
        } else if (reply instanceof NestedResultFrame result) {
            end(result.outcome(), true);
            handover.complete(() -> value(result));
        } else if (reply instanceof NestedFailedFrame failed) {
            end(failed.outcome(), false);
            handover.complete(() -> {
                throw exception(failed);
            });
        }
    }

    private void end(NestedOutcome outcome, boolean succeeded) {
        handover.then(() ->
                EscalationLine.tell(
                        outcome.escalatedFrom(), callee.options().logs(), clock.instant()));
        handover.then(() ->
                DroppedLines.tell(
                        outcome.droppedLogLines() + handover.droppedLines(),
                        callee.options().logs(),
                        clock.instant()));
        // Where no agent or host had the call, there is nothing to tell of it.
        if (outcome.attempts() > 0) {
            handover.then(() -> callee.options().onEnd().accept(info(outcome, succeeded)));
        }
    }

    private static CallInfo info(NestedOutcome outcome, boolean succeeded) {
        return new CallInfo(
                outcome.correlationId(),
                succeeded,
                outcome.attempts(),
                outcome.agent(),
                outcome.hot(),
                micros(outcome.queueMicros()),
                micros(outcome.buildMicros()),
                micros(outcome.startMicros()),
                micros(outcome.runMicros()),
                outcome.escalatedFrom());
    }

    private static Duration micros(long count) {
        return Duration.of(count, ChronoUnit.MICROS);
    }

    private static LogLine line(NestedLogFrame.Line line) {
        return new LogLine(
                switch (line.source()) {
                    case BUILD -> LogLine.Source.BUILD;
                    case FUNCTION -> LogLine.Source.FUNCTION;
                    case AGENT -> LogLine.Source.AGENT;
                },
                line.stream() == LogStream.STDERR ? LogLine.Stream.STDERR : LogLine.Stream.STDOUT,
                Instant.ofEpochMilli(line.at()),
                line.text());
    }

    /** The function's result is an R: it is what its code returned. */
    @SuppressWarnings({"unchecked", "NullAway"})
    private R value(NestedResultFrame result) {
        if (result.codec() != PayloadCodec.JAVA) {
            throw new UnserializableException(
                    "the result is in codec %d, which cannot be read here"
                            .formatted(result.codec()),
                    null);
        }
        return (R) read(result.result());
    }

    private @Nullable Object read(byte[] bytes) {
        return ResultReader.ofOwnCode(callee.code().loader()).read(bytes);
    }

    private AthanorException exception(NestedFailedFrame failed) {
        if (failed.kind() == FailureKind.UNKNOWN_MACHINE_TYPE) {
            return new InvalidOptionException(
                    "machineType", callee.options().machineType(), failed.message());
        }
        if (failed.kind() == FailureKind.UNSERVED_MACHINE_TYPE) {
            return new UnservedException(
                    callee.name() + ": " + failed.message(), callee.options().machineType());
        }
        byte[] original = failed.original();
        return new Failed(
                        failed.kind(),
                        failed.message(),
                        failed.throwables(),
                        () -> original == null ? null : read(original),
                        failed.largerMachineType())
                .toException(callee.name());
    }
}
