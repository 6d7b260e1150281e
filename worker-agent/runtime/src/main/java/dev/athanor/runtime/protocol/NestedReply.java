package dev.athanor.runtime.protocol;

/** What a sandbox is told of a nested call. */
public sealed interface NestedReply extends AgentFrame
        permits NestedLogFrame, NestedResultFrame, NestedFailedFrame {

    /**
     * Tells which call is meant.
     *
     * @return the id of the NESTED_CALL
     */
    long nestedId();

    /**
     * Tells whether this ends the call.
     *
     * @return false if more follows
     */
    default boolean isEnd() {
        return !(this instanceof NestedLogFrame);
    }
}
