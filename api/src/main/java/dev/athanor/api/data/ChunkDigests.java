package dev.athanor.api.data;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Arrays;

/** SHA-256 of each chunk of a file, in order. Immutable. */
public final class ChunkDigests {
    static final int DIGEST_BYTES = 32;

    private final byte[] bytes;

    private ChunkDigests(byte[] bytes) {
        this.bytes = bytes;
    }

    static ChunkDigests of(byte[] bytes) {
        if (bytes.length % DIGEST_BYTES != 0) {
            throw new IllegalArgumentException(bytes.length + " bytes are no digests");
        }
        return new ChunkDigests(bytes.clone());
    }

    /**
     * Reads a file of that size.
     *
     * @throws IOException also when the file turns out to be shorter
     */
    public static ChunkDigests read(FileChannel file, long size) throws IOException {
        byte[] digests = new byte[Math.multiplyExact(Chunks.count(size), DIGEST_BYTES)];
        ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(Chunks.BYTES, size));
        for (int index = 0; index < Chunks.count(size); index++) {
            ChunkFile.read(file, index, buffer.limit(Chunks.length(size, index)));
            byte[] digest = Sha256.of(buffer.flip());
            System.arraycopy(digest, 0, digests, index * DIGEST_BYTES, DIGEST_BYTES);
            buffer.clear();
        }
        return new ChunkDigests(digests);
    }

    int count() {
        return bytes.length / DIGEST_BYTES;
    }

    /** Whether the bytes are those of the chunk. */
    public boolean match(int index, ByteBuffer chunk) {
        int from = index * DIGEST_BYTES;
        byte[] digest = Sha256.of(chunk);
        return Arrays.equals(bytes, from, from + DIGEST_BYTES, digest, 0, DIGEST_BYTES);
    }

    byte[] bytes() {
        return bytes.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ChunkDigests digests && Arrays.equals(bytes, digests.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return count() + " chunks";
    }
}
