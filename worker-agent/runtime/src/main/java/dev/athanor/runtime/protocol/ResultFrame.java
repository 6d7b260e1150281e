package dev.athanor.runtime.protocol;

import java.io.IOException;

/**
 * Says that a function returned. The array is not copied.
 *
 * @param callId of the INVOKE
 * @param runNanos how long the function itself ran, in nanoseconds
 * @param droppedLogLines lines that the function printed beyond its quota
 * @param codec how to read the result, see {@link PayloadCodec}
 * @param result what it returned
 */
@SuppressWarnings("ArrayRecordComponent") // Results are large, and frames are short-lived.
public record ResultFrame(
        long callId, long runNanos, long droppedLogLines, byte codec, byte[] result)
        implements SandboxFrame {

    static final byte TYPE = 4;

    /**
     * Returns a frame that differs in its count of dropped lines.
     *
     * @param lines the count
     * @return this if it has that count already
     */
    public ResultFrame withDropped(long lines) {
        return lines == droppedLogLines
                ? this
                : new ResultFrame(callId, runNanos, lines, codec, result);
    }

    static ResultFrame read(FrameInput in) throws IOException {
        return new ResultFrame(
                in.readLong(), in.readLong(), in.readLong(), in.readByte(), in.readBytes());
    }

    @Override
    public byte type() {
        return TYPE;
    }

    @Override
    public void writeHead(FrameOutput out) {
        out.putLong(callId);
        out.putLong(runNanos);
        out.putLong(droppedLogLines);
        out.putByte(codec);
        out.putInt(result.length);
    }

    @Override
    public byte[] tail() {
        return result;
    }
}
