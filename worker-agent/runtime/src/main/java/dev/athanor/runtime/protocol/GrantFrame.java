package dev.athanor.runtime.protocol;

import java.io.IOException;

/**
 * Lets a function that yields go further. Grants never take back what was granted before.
 *
 * @param callId of the INVOKE; one that has ended is ignored
 * @param upTo values of a lower index may be sent
 */
public record GrantFrame(long callId, long upTo) implements AgentFrame {

    static final byte TYPE = 24;

    static GrantFrame read(FrameInput in) throws IOException {
        return new GrantFrame(in.readLong(), in.readLong());
    }

    @Override
    public byte type() {
        return TYPE;
    }

    @Override
    public void writeHead(FrameOutput out) {
        out.putLong(callId);
        out.putLong(upTo);
    }
}
