package dev.athanor.api.data;

import java.io.Serializable;
import java.nio.ByteBuffer;

/** A chunk on its way. Immutable as long as its bytes, which are not copied, are left alone. */
public final class SentChunk implements Serializable {
    private static final long serialVersionUID = 1L;

    private final String path;
    private final String content;
    private final int index;
    private final byte[] bytes;

    private SentChunk(String path, String content, int index, byte[] bytes) {
        this.path = path;
        this.content = content;
        this.index = index;
        this.bytes = bytes;
    }

    /**
     * A chunk of a file.
     *
     * @param index from 0
     * @param bytes all of the chunk
     */
    public static SentChunk of(Entry.File file, int index, byte[] bytes) {
        return new SentChunk(file.path(), file.id().hex(), index, bytes);
    }

    /** How many bytes it has. */
    public int length() {
        return bytes.length;
    }

    /** Path of its file in the tree. */
    String path() {
        return path;
    }

    /** Content of the whole file, if it names one. */
    ContentId content() {
        return new ContentId(content);
    }

    /** Its position in the file, if it can be one. */
    int index() {
        if (index < 0 || bytes.length > Chunks.BYTES) {
            throw new IllegalArgumentException(
                    "%d bytes cannot be chunk %d of %s".formatted(bytes.length, index, path));
        }
        return index;
    }

    ByteBuffer bytes() {
        return ByteBuffer.wrap(bytes);
    }
}
