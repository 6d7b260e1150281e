package dev.athanor.runtime.protocol;

import java.io.IOException;

/**
 * Asks for a call. The array is not copied.
 *
 * @param callId chosen by the agent, unique on its socket
 * @param codec how to read the arguments and to write the result, see {@link PayloadCodec}
 * @param entryPoint what to call
 * @param correlationId of the invocation
 * @param attempt of the invocation, from 1
 * @param maxResultBytes the largest result that may be sent, in bytes; of values, each
 * @param streamWindow how many values may be sent before more are granted; 0: no values, but one
 *     result
 * @param arguments captured values first, then the arguments
 */
@SuppressWarnings("ArrayRecordComponent") // Arguments are large, and frames are short-lived.
public record InvokeFrame(
        long callId,
        byte codec,
        EntryPoint entryPoint,
        String correlationId,
        int attempt,
        long maxResultBytes,
        int streamWindow,
        byte[] arguments)
        implements AgentFrame {

    static final byte TYPE = 17;

    static InvokeFrame read(FrameInput in) throws IOException {
        return new InvokeFrame(
                in.readLong(),
                in.readByte(),
                new EntryPoint(in.readString(), in.readString(), in.readString(), in.readInt()),
                in.readString(),
                in.readInt(),
                in.readLong(),
                in.readInt(),
                in.readBytes());
    }

    /** Asks for a call that has one result. */
    public InvokeFrame(
            long callId,
            byte codec,
            EntryPoint entryPoint,
            String correlationId,
            int attempt,
            long maxResultBytes,
            byte[] arguments) {
        this(callId, codec, entryPoint, correlationId, attempt, maxResultBytes, 0, arguments);
    }

    @Override
    public byte type() {
        return TYPE;
    }

    @Override
    public void writeHead(FrameOutput out) {
        out.putLong(callId);
        out.putByte(codec);
        out.putString(entryPoint.owner());
        out.putString(entryPoint.name());
        out.putString(entryPoint.descriptor());
        out.putInt(entryPoint.referenceKind());
        out.putString(correlationId);
        out.putInt(attempt);
        out.putLong(maxResultBytes);
        out.putInt(streamWindow);
        out.putInt(arguments.length);
    }

    @Override
    public byte[] tail() {
        return arguments;
    }
}
