package dev.athanor.api.data;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * Names the content of a file: a digest of its size and of its chunks' digests.
 *
 * @param hex 64 lower-case hexadecimal digits
 */
public record ContentId(String hex) {
    private static final Pattern HEX = Pattern.compile("[0-9a-f]{64}");

    public ContentId {
        if (!HEX.matcher(hex).matches()) {
            throw new IllegalArgumentException("'" + hex + "' names no content");
        }
    }

    static ContentId of(long size, ChunkDigests content) {
        MessageDigest digest = Sha256.digest();
        digest.update(ByteBuffer.allocate(Long.BYTES).putLong(0, size));
        digest.update(content.bytes());
        return new ContentId(HexFormat.of().formatHex(digest.digest()));
    }
}
