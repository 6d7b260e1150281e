package dev.athanor.runtime.protocol;

import java.io.IOException;
import java.nio.channels.ReadableByteChannel;
import org.jspecify.annotations.Nullable;

/** Reads frames from a blocking channel. For one thread. */
public final class FrameReader {

    private final FrameInput in;

    /**
     * Creates a reader.
     *
     * @param channel a blocking channel, not closed here
     * @param maxFrameBytes the largest frame to accept, without its length field, in bytes
     */
    public FrameReader(ReadableByteChannel channel, int maxFrameBytes) {
        in = new FrameInput(channel, maxFrameBytes);
    }

    /**
     * Waits for the next frame.
     *
     * @return the frame, or null when the other end has closed the stream between two frames
     * @throws MalformedFrameException if what arrives is no frame; nothing after it can be read
     * @throws IOException if the channel fails
     */
    public @Nullable Frame read() throws IOException {
        if (!in.begin()) {
            return null;
        }
        Frame frame = readBody(in.readByte());
        in.end();
        return frame;
    }

    /** Returns how often it has looked for more at the other end. */
    public long reads() {
        return in.reads();
    }

    /** Whether more than the frames read so far has come already. */
    public boolean hasBuffered() {
        return in.hasBuffered();
    }

    private Frame readBody(byte type) throws IOException {
        return switch (type) {
            case HelloFrame.TYPE -> HelloFrame.read(in);
            case LoadedFrame.TYPE -> new LoadedFrame();
            case LoadFailedFrame.TYPE -> LoadFailedFrame.read(in);
            case ResultFrame.TYPE -> ResultFrame.read(in);
            case ThrewFrame.TYPE -> ThrewFrame.read(in);
            case RejectedFrame.TYPE -> RejectedFrame.read(in);
            case LogFrame.TYPE -> LogFrame.read(in);
            case PongFrame.TYPE -> PongFrame.read(in);
            case NestedCallFrame.TYPE -> NestedCallFrame.read(in);
            case NestedCancelFrame.TYPE -> NestedCancelFrame.read(in);
            case ValueFrame.TYPE -> ValueFrame.read(in);
            case LoadFrame.TYPE -> LoadFrame.read(in);
            case InvokeFrame.TYPE -> InvokeFrame.read(in);
            case CancelFrame.TYPE -> CancelFrame.read(in);
            case PingFrame.TYPE -> PingFrame.read(in);
            case WithdrawFrame.TYPE -> new WithdrawFrame();
            case GrantFrame.TYPE -> GrantFrame.read(in);
            case NestedLogFrame.TYPE -> NestedLogFrame.read(in);
            case NestedResultFrame.TYPE -> NestedResultFrame.read(in);
            case NestedFailedFrame.TYPE -> NestedFailedFrame.read(in);
            default -> throw new MalformedFrameException("unknown type of frame " + type);
        };
    }
}
