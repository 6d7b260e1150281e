package dev.athanor.environment.sandbox;

import dev.athanor.runtime.protocol.FailureKind;
import dev.athanor.runtime.protocol.NestedCallFrame;
import dev.athanor.runtime.protocol.NestedFailedFrame;
import dev.athanor.runtime.protocol.NestedOutcome;

/**
 * Makes the calls that the function of one call has made. Called on the sandbox's reading thread:
 * must not block. It must not throw either: that ends the sandbox.
 */
public interface NestedCalls {

    /** How deep functions may call functions by default: 8 calls within the caller's own. */
    int DEFAULT_MAX_DEPTH = 8;

    /**
     * Starts a call.
     *
     * @param call what is called
     * @param replies takes what becomes of it
     */
    void start(NestedCallFrame call, NestedReplies replies);

    /**
     * Gives up a call, which is to end nevertheless.
     *
     * @param nestedId of a call that was started and may have ended
     */
    void cancel(long nestedId);

    /** Gives up what is left: the function has ended, however it did. Called once, last. */
    void end();

    /**
     * For hosts without any.
     *
     * @return one that makes none
     */
    static NestedCalls none() {
        return new NestedCalls() {
            @Override
            public void start(NestedCallFrame call, NestedReplies replies) {
                replies.send(
                        NestedFailedFrame.of(
                                call.nestedId(),
                                NestedOutcome.unknown(""),
                                FailureKind.UNAVAILABLE,
                                "functions cannot call others here"));
            }

            @Override
            public void cancel(long nestedId) {}

            @Override
            public void end() {}
        };
    }
}
