package dev.athanor.environment.build;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Hashes text so that no two sequences collide: every string and list is preceded by its size. */
final class KeyHash {
    private final MessageDigest digest = sha256();

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    KeyHash add(String text) {
        byte[] bytes = text.getBytes(UTF_8);
        addSize(bytes.length);
        digest.update(bytes);
        return this;
    }

    KeyHash add(List<String> texts) {
        addSize(texts.size());
        texts.forEach(this::add);
        return this;
    }

    KeyHash add(Map<String, String> texts) {
        addSize(texts.size());
        new TreeMap<>(texts).forEach((name, value) -> add(name).add(value));
        return this;
    }

    EnvironmentKey key() {
        return new EnvironmentKey(HexFormat.of().formatHex(digest.digest()));
    }

    private void addSize(int size) {
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(size).flip());
    }
}
