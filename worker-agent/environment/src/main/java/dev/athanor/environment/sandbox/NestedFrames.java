package dev.athanor.environment.sandbox;

import dev.athanor.runtime.protocol.FailureKind;
import dev.athanor.runtime.protocol.Frame;
import dev.athanor.runtime.protocol.FrameTooLargeException;
import dev.athanor.runtime.protocol.FrameWriter;
import dev.athanor.runtime.protocol.MalformedFrameException;
import dev.athanor.runtime.protocol.NestedCallFrame;
import dev.athanor.runtime.protocol.NestedCancelFrame;
import dev.athanor.runtime.protocol.NestedFailedFrame;
import dev.athanor.runtime.protocol.NestedOutcome;
import dev.athanor.runtime.protocol.NestedReply;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Both ways of a sandbox's nested calls. */
final class NestedFrames {

    private final RunningCalls calls;
    private final FrameWriter writer;
    private final Runnable onFailure;

    /**
     * Creates them.
     *
     * @param onFailure called when the sandbox can take no frames any more
     */
    NestedFrames(RunningCalls calls, FrameWriter writer, Runnable onFailure) {
        this.calls = calls;
        this.writer = writer;
        this.onFailure = onFailure;
    }

    /** Called by the reading thread. Frames of a call that has ended mean nothing any more. */
    void handle(Frame frame) throws MalformedFrameException {
        if (frame instanceof NestedCallFrame call) {
            RunningCall running = running(call.callId());
            if (running != null) {
                running.startNested(call, this::reply);
            }
        } else if (frame instanceof NestedCancelFrame cancel) {
            RunningCall running = running(cancel.callId());
            if (running != null) {
                running.cancelNested(cancel.nestedId());
            }
        }
    }

    private @Nullable RunningCall running(long callId) {
        RunningCall running = calls.running();
        return running != null && running.id() == callId ? running : null;
    }

    /** A reply that does not fit in a frame becomes a failure that does. */
    private void reply(NestedReply reply) {
        try {
            writer.write(reply);
        } catch (FrameTooLargeException e) {
            reply(
                    NestedFailedFrame.of(
                            reply.nestedId(),
                            NestedOutcome.unknown(""),
                            FailureKind.TOO_LARGE,
                            "the result is too large for a sandbox: " + e.getMessage()));
        } catch (IOException e) {
            onFailure.run();
        }
    }
}
