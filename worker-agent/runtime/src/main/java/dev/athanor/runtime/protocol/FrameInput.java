package dev.athanor.runtime.protocol;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the parts of one frame after the other from a blocking channel. No part can reach beyond
 * its frame, and nothing is allocated for lengths that the frame does not hold. For one thread.
 */
public final class FrameInput {

    /**
     * Reads one element of a list.
     *
     * @param <T> type of the element
     */
    @FunctionalInterface
    interface Element<T> {
        T read(FrameInput in) throws IOException;
    }

    private final ReadableByteChannel channel;
    private final int maxFrameBytes;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(FrameWriter.BUFFER_BYTES).flip();
    private int remaining;
    private long reads;

    FrameInput(ReadableByteChannel channel, int maxFrameBytes) {
        this.channel = channel;
        this.maxFrameBytes = maxFrameBytes;
    }

    /** Reads the length of the next frame; false if the stream ended before it. */
    boolean begin() throws IOException {
        if (!buffer.hasRemaining() && !fill()) {
            return false;
        }
        remaining = Integer.BYTES;
        int length = readInt();
        if (length < 1 || length > maxFrameBytes) {
            throw new MalformedFrameException(
                    "a frame claims " + length + " bytes; 1 to " + maxFrameBytes + " are allowed");
        }
        remaining = length;
        return true;
    }

    long reads() {
        return reads;
    }

    boolean hasBuffered() {
        return buffer.hasRemaining();
    }

    void end() throws MalformedFrameException {
        if (remaining != 0) {
            throw new MalformedFrameException(remaining + " bytes too many in a frame");
        }
    }

    byte readByte() throws IOException {
        take(1);
        return buffer.get();
    }

    boolean readBoolean() throws IOException {
        return readByte() != 0;
    }

    int readInt() throws IOException {
        take(Integer.BYTES);
        return buffer.getInt();
    }

    long readLong() throws IOException {
        take(Long.BYTES);
        return buffer.getLong();
    }

    String readString() throws IOException {
        return new String(readBytes(), StandardCharsets.UTF_8);
    }

    byte[] readBytes() throws IOException {
        int length = readInt();
        claim(length);
        byte[] bytes = new byte[length];
        int from = 0;
        while (from < length) {
            require(1);
            int count = Math.min(length - from, buffer.remaining());
            buffer.get(bytes, from, count);
            from += count;
        }
        return bytes;
    }

    <T> List<T> readList(Element<T> element) throws IOException {
        int count = readInt();
        if (count < 0 || count > remaining) {
            throw new MalformedFrameException("a list claims " + count + " elements");
        }
        List<T> list = new ArrayList<>(Math.min(count, 64));
        for (int i = 0; i < count; i++) {
            list.add(element.read(this));
        }
        return list;
    }

    private void take(int bytes) throws IOException {
        claim(bytes);
        require(bytes);
    }

    private void claim(int bytes) throws MalformedFrameException {
        if (bytes < 0 || bytes > remaining) {
            throw new MalformedFrameException(
                    "a field claims "
                            + bytes
                            + " bytes of the "
                            + remaining
                            + " left in its frame");
        }
        remaining -= bytes;
    }

    private void require(int bytes) throws IOException {
        while (buffer.remaining() < bytes) {
            if (!fill()) {
                throw new MalformedFrameException("the stream ended within a frame");
            }
        }
    }

    private boolean fill() throws IOException {
        buffer.compact();
        reads++;
        try {
            return channel.read(buffer) >= 0;
        } finally {
            buffer.flip();
        }
    }
}
