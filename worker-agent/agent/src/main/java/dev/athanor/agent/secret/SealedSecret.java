package dev.athanor.agent.secret;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A secret as it rests.
 *
 * @param name whose it is and what it is called
 * @param ciphertext its encrypted value
 */
public record SealedSecret(SecretName name, ByteBuffer ciphertext) {
    public SealedSecret {
        ciphertext = ciphertext.asReadOnlyBuffer();
    }

    /** Differs whenever it is set, even to the same value. */
    public String version() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(ciphertext.duplicate());
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    byte[] bytes() {
        byte[] bytes = new byte[ciphertext.remaining()];
        ciphertext.duplicate().get(bytes);
        return bytes;
    }

    /** The name. */
    @Override
    public String toString() {
        return name.toString();
    }
}
