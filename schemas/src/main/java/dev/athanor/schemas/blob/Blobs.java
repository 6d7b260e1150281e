package dev.athanor.schemas.blob;

import dev.athanor.schemas.Digest;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** Sizes and digests of blobs. */
public final class Blobs {
    /** Payloads up to this many bytes travel in the record itself: 256 KiB. */
    public static final int INLINE_LIMIT = 256 * 1024;

    /** Largest blob by default, in bytes: 64 MiB. */
    public static final long DEFAULT_LIMIT = 64L * 1024 * 1024;

    /**
     * Content of one chunk, in bytes: 512 KiB, so that a chunk with its envelope stays well below
     * the 1 MiB that brokers take by default.
     */
    static final int CHUNK_BYTES = 512 * 1024;

    private Blobs() {}

    /** The SHA-256 of the bytes. */
    public static Digest digest(byte[] bytes) {
        return new Digest(sha256().digest(bytes));
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    static byte[] key(Digest digest, int index) {
        byte[] bytes = digest.bytes();
        return ByteBuffer.allocate(bytes.length + Integer.BYTES).put(bytes).putInt(index).array();
    }
}
