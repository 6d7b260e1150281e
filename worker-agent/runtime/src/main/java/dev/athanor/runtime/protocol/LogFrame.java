package dev.athanor.runtime.protocol;

import java.io.IOException;

/**
 * Carries lines that a function printed. The array is not copied.
 *
 * @param callId of the INVOKE
 * @param stream where it printed to
 * @param lines whole lines in UTF-8, each with its line feed; the last one of a call may lack it
 */
@SuppressWarnings("ArrayRecordComponent") // Frames are short-lived and never compared.
public record LogFrame(long callId, LogStream stream, byte[] lines) implements SandboxFrame {

    static final byte TYPE = 7;

    static LogFrame read(FrameInput in) throws IOException {
        return new LogFrame(in.readLong(), LogStream.of(in.readByte()), in.readBytes());
    }

    @Override
    public byte type() {
        return TYPE;
    }

    @Override
    public void writeHead(FrameOutput out) {
        out.putLong(callId);
        out.putByte(stream.code());
        out.putInt(lines.length);
    }

    @Override
    public byte[] tail() {
        return lines;
    }
}
