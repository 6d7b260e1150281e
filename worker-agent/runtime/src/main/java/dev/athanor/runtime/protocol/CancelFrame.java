package dev.athanor.runtime.protocol;

import java.io.IOException;

/**
 * Asks for the interruption of a call; one that waits is taken back and answered as rejected for
 * that, one that has ended is ignored.
 *
 * @param callId of the INVOKE
 */
public record CancelFrame(long callId) implements AgentFrame {

    static final byte TYPE = 18;

    static CancelFrame read(FrameInput in) throws IOException {
        return new CancelFrame(in.readLong());
    }

    @Override
    public byte type() {
        return TYPE;
    }

    @Override
    public void writeHead(FrameOutput out) {
        out.putLong(callId);
    }
}
