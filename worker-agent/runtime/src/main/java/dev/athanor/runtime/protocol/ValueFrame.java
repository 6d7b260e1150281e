package dev.athanor.runtime.protocol;

import java.io.IOException;

/**
 * Carries one value of a function that yields. The array is not copied.
 *
 * @param callId of the INVOKE
 * @param index of the value, from 0
 * @param codec how to read it, see {@link PayloadCodec}
 * @param value what the function yielded
 */
@SuppressWarnings("ArrayRecordComponent") // Values are large, and frames are short-lived.
public record ValueFrame(long callId, long index, byte codec, byte[] value)
        implements SandboxFrame {

    static final byte TYPE = 11;

    static ValueFrame read(FrameInput in) throws IOException {
        return new ValueFrame(in.readLong(), in.readLong(), in.readByte(), in.readBytes());
    }

    @Override
    public byte type() {
        return TYPE;
    }

    @Override
    public void writeHead(FrameOutput out) {
        out.putLong(callId);
        out.putLong(index);
        out.putByte(codec);
        out.putInt(value.length);
    }

    @Override
    public byte[] tail() {
        return value;
    }
}
