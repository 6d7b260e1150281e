package dev.athanor.api.data;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** Whole chunks of files. */
public final class ChunkFile {
    private ChunkFile() {}

    /**
     * Fills the buffer from a chunk's begin on.
     *
     * @throws EOFException when the file ends before
     */
    public static void read(FileChannel file, int index, ByteBuffer buffer) throws IOException {
        long begin = Chunks.offset(index) - buffer.position();
        while (buffer.hasRemaining()) {
            if (file.read(buffer, begin + buffer.position()) < 0) {
                throw new EOFException("a file became shorter while it was read");
            }
        }
    }

    /** Writes all of the buffer from a chunk's begin on. */
    static void write(FileChannel file, int index, ByteBuffer buffer) throws IOException {
        long begin = Chunks.offset(index) - buffer.position();
        while (buffer.hasRemaining()) {
            file.write(buffer, begin + buffer.position());
        }
    }
}
