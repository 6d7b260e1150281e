package dev.athanor.runtime.protocol;

import java.io.IOException;

/**
 * Says that a call could not be made, or its result not be sent.
 *
 * @param callId of the INVOKE
 * @param kind why, for programs
 * @param message why, for people
 */
public record RejectedFrame(long callId, RejectionKind kind, String message)
        implements SandboxFrame {

    static final byte TYPE = 6;

    static RejectedFrame read(FrameInput in) throws IOException {
        return new RejectedFrame(in.readLong(), RejectionKind.of(in.readByte()), in.readString());
    }

    @Override
    public byte type() {
        return TYPE;
    }

    @Override
    public void writeHead(FrameOutput out) {
        out.putLong(callId);
        out.putByte(kind.code());
        out.putString(message);
    }
}
