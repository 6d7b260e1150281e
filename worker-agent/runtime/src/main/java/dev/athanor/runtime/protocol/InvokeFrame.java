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
 * @param maxResultBytes the largest result that may be sent, in bytes
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
                in.readBytes());
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
        out.putInt(arguments.length);
    }

    @Override
    public byte[] tail() {
        return arguments;
    }
}
