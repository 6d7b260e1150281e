package dev.athanor.api.internal.local;

import dev.athanor.environment.outcome.CallFailure;
import dev.athanor.environment.sandbox.CallResult;
import dev.athanor.environment.sandbox.NestedReplies;
import dev.athanor.runtime.protocol.FailureKind;
import dev.athanor.runtime.protocol.LogSource;
import dev.athanor.runtime.protocol.LogStream;
import dev.athanor.runtime.protocol.NestedFailedFrame;
import dev.athanor.runtime.protocol.NestedLogFrame;
import dev.athanor.runtime.protocol.NestedOutcome;
import dev.athanor.runtime.protocol.NestedReply;
import dev.athanor.runtime.protocol.NestedResultFrame;
import java.time.InstantSource;
import java.util.List;

/**
 * A call that a function makes of another on this machine. Runs on a thread of its own;
 * interrupting that stops the call.
 */
final class NestedLocalCall implements Runnable {
    private final long nestedId;
    private final LocalRun run;
    private final NestedReplies replies;
    private final boolean wantsLogs;
    private final InstantSource clock;

    NestedLocalCall(
            long nestedId,
            LocalRun run,
            NestedReplies replies,
            boolean wantsLogs,
            InstantSource clock) {
        this.nestedId = nestedId;
        this.run = run;
        this.replies = replies;
        this.wantsLogs = wantsLogs;
        this.clock = clock;
    }

    @Override
    public void run() {
        replies.send(end());
    }

    private NestedReply end() {
        try {
            LocalEnd end = run.end(this::line);
            return end.result() instanceof CallResult.Succeeded succeeded
                    ? new NestedResultFrame(
                            nestedId, outcome(end), succeeded.codec(), succeeded.bytes())
                    : failed(outcome(end), end.failure());
        } catch (LocalFailureException e) {
            return failed(NestedOutcome.unknown(run.id()), e.failure());
        } catch (InterruptedException e) {
            return failed(FailureKind.CANCELLED, "was cancelled");
        } catch (RuntimeException | Error e) {
            return failed(FailureKind.START_FAILED, "could not be run here: " + e);
        }
    }

    private void line(LogSource source, LogStream stream, String text) {
        if (wantsLogs) {
            replies.send(
                    new NestedLogFrame(
                            nestedId,
                            List.of(
                                    new NestedLogFrame.Line(
                                            source, stream, clock.millis(), text))));
        }
    }

    private NestedOutcome outcome(LocalEnd end) {
        return new NestedOutcome(
                run.id(),
                0,
                "",
                false,
                0,
                0,
                0,
                0,
                end.result().droppedLogLines(),
                end.escalatedFrom());
    }

    private NestedFailedFrame failed(FailureKind kind, String message) {
        return NestedFailedFrame.of(nestedId, NestedOutcome.unknown(run.id()), kind, message);
    }

    private NestedFailedFrame failed(NestedOutcome outcome, CallFailure failure) {
        return NestedFailedFrame.of(nestedId, outcome, failure.kind(), failure.message())
                .with(failure.largerMachineType(), failure.throwables(), failure.original());
    }
}
