package dev.athanor.runtime.protocol;

import java.io.IOException;

/**
 * Says that the function of a nested call returned. The array is not copied.
 *
 * @param nestedId of the NESTED_CALL
 * @param outcome how it went
 * @param codec how to read the result, see {@link PayloadCodec}
 * @param result what it returned
 */
@SuppressWarnings("ArrayRecordComponent") // Results are large, and frames are short-lived.
public record NestedResultFrame(long nestedId, NestedOutcome outcome, byte codec, byte[] result)
        implements NestedReply {

    static final byte TYPE = 22;

    static NestedResultFrame read(FrameInput in) throws IOException {
        return new NestedResultFrame(
                in.readLong(), NestedOutcome.read(in), in.readByte(), in.readBytes());
    }

    @Override
    public byte type() {
        return TYPE;
    }

    @Override
    public void writeHead(FrameOutput out) {
        out.putLong(nestedId);
        outcome.write(out);
        out.putByte(codec);
        out.putInt(result.length);
    }

    @Override
    public byte[] tail() {
        return result;
    }
}
