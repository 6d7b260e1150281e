package dev.athanor.runtime.protocol;

import java.io.IOException;

/**
 * Says that a LOAD could not be carried out; the sandbox is of no use.
 *
 * @param message why, for people
 */
public record LoadFailedFrame(String message) implements SandboxFrame {

    static final byte TYPE = 3;

    static LoadFailedFrame read(FrameInput in) throws IOException {
        return new LoadFailedFrame(in.readString());
    }

    @Override
    public byte type() {
        return TYPE;
    }

    @Override
    public void writeHead(FrameOutput out) {
        out.putString(message);
    }
}
