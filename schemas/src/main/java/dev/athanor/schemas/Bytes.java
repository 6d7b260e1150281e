package dev.athanor.schemas;

import java.nio.ByteBuffer;

/** The bytes of buffers, as records have them. */
public final class Bytes {
    private Bytes() {}

    /** A copy of what is left in a buffer, which stays as it is. */
    public static byte[] copy(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }
}
