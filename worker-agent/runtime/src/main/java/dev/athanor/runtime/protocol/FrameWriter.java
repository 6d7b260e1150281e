package dev.athanor.runtime.protocol;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/**
 * Writes frames to a blocking channel: whole ones, from any thread, a small one with a single
 * write.
 *
 * <p>A thread whose interrupt flag is set when it comes here writes nevertheless and keeps the
 * flag; one that is interrupted while the channel blocks closes the channel, as NIO has it.
 */
public final class FrameWriter {

    static final int BUFFER_BYTES = 64 << 10;

    private final WritableByteChannel channel;
    private final int maxFrameBytes;
    private final FrameOutput head = new FrameOutput();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);

    /**
     * Creates a writer.
     *
     * @param channel a blocking channel, not closed here
     * @param maxFrameBytes the largest frame to send, without its length field, in bytes
     */
    public FrameWriter(WritableByteChannel channel, int maxFrameBytes) {
        this.channel = channel;
        this.maxFrameBytes = maxFrameBytes;
    }

    /**
     * Writes a frame and blocks until the channel has taken it.
     *
     * @param frame what to write
     * @throws FrameTooLargeException if it exceeds the maximum; nothing was written
     * @throws IOException if the channel fails, after which it is of no use
     */
    public synchronized void write(Frame frame) throws IOException {
        append(frame);
        flush();
    }

    /**
     * Takes a frame, of which the last 64 KiB or less stay here until the next {@link #write} or
     * {@link #flush}.
     *
     * @param frame what to write
     * @throws FrameTooLargeException if it exceeds the maximum; nothing of it was written
     * @throws IOException if the channel fails, after which it is of no use
     */
    public synchronized void append(Frame frame) throws IOException {
        head.clear();
        head.putInt(0);
        head.putByte(frame.type());
        frame.writeHead(head);
        byte[] tail = frame.tail();
        long length = (long) head.size() - Integer.BYTES + tail.length;
        if (length > maxFrameBytes) {
            throw new FrameTooLargeException(length, maxFrameBytes);
        }
        head.setInt(0, (int) length);
        put(head.bytes(), head.size());
        put(tail, tail.length);
    }

    private void put(byte[] bytes, int length) throws IOException {
        int from = 0;
        while (from < length) {
            if (!buffer.hasRemaining()) {
                flush();
            }
            int count = Math.min(length - from, buffer.remaining());
            buffer.put(bytes, from, count);
            from += count;
        }
    }

    /**
     * Writes what was appended, and blocks until the channel has taken it.
     *
     * @throws IOException if the channel fails, after which it is of no use
     */
    public synchronized void flush() throws IOException {
        boolean interrupted = Thread.interrupted();
        buffer.flip();
        try {
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
        } finally {
            buffer.clear();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
