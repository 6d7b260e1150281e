package dev.athanor.runtime.protocol;

import java.io.IOException;

/**
 * Answers a PING.
 *
 * @param nonce of the PING
 */
public record PongFrame(long nonce) implements SandboxFrame {

    static final byte TYPE = 8;

    static PongFrame read(FrameInput in) throws IOException {
        return new PongFrame(in.readLong());
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
