package dev.athanor.runtime.protocol;

import java.io.IOException;

/**
 * Asks for a PONG.
 *
 * @param nonce to be sent back
 */
public record PingFrame(long nonce) implements AgentFrame {

    static final byte TYPE = 19;

    static PingFrame read(FrameInput in) throws IOException {
        return new PingFrame(in.readLong());
    }

    @Override
    public byte type() {
        return TYPE;
    }

    @Override
    public void writeHead(FrameOutput out) {
        out.putLong(nonce);
    }
}
