package dev.athanor.runtime.protocol;

import java.io.IOException;

/**
 * Asks for a call of a function by one that runs. The array is not copied.
 *
 * @param callId of the INVOKE of the function that calls
 * @param nestedId chosen by the sandbox, unique on its socket
 * @param function what is called
 * @param arguments captured values first, then the arguments, in Java serialization
 */
@SuppressWarnings("ArrayRecordComponent") // Arguments are large, and frames are short-lived.
public record NestedCallFrame(long callId, long nestedId, NestedFunction function, byte[] arguments)
        implements SandboxFrame {

    static final byte TYPE = 9;

    static NestedCallFrame read(FrameInput in) throws IOException {
        return new NestedCallFrame(
                in.readLong(), in.readLong(), NestedFunction.read(in), in.readBytes());
    }

    @Override
    public byte type() {
        return TYPE;
    }

    @Override
    public void writeHead(FrameOutput out) {
        out.putLong(callId);
        out.putLong(nestedId);
        function.write(out);
        out.putInt(arguments.length);
    }

    @Override
    public byte[] tail() {
        return arguments;
    }
}
