package dev.athanor.runtime.protocol;

import java.io.IOException;

/**
 * Gives up a nested call, which is answered nevertheless.
 *
 * @param callId of the INVOKE of the function that called
 * @param nestedId of the NESTED_CALL
 */
public record NestedCancelFrame(long callId, long nestedId) implements SandboxFrame {

    static final byte TYPE = 10;

    static NestedCancelFrame read(FrameInput in) throws IOException {
        return new NestedCancelFrame(in.readLong(), in.readLong());
    }

    @Override
    public byte type() {
        return TYPE;
    }

    @Override
    public void writeHead(FrameOutput out) {
        out.putLong(callId);
        out.putLong(nestedId);
    }
}
