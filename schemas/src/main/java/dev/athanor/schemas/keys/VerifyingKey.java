package dev.athanor.schemas.keys;

import dev.athanor.schemas.UndecodableException;
import org.bouncycastle.crypto.params.Ed25519PublicKeyParameters;
import org.bouncycastle.math.ec.rfc8032.Ed25519;

/** The public half of a key, which everybody may know. Safe for any number of threads. */
public final class VerifyingKey {
    private final Ed25519PublicKeyParameters key;

    VerifyingKey(Ed25519PublicKeyParameters key) {
        this.key = key;
    }

    /**
     * Reads the 32 bytes of one.
     *
     * @throws UndecodableException when they are none
     */
    static VerifyingKey of(byte[] bytes) {
        if (bytes.length != Ed25519.PUBLIC_KEY_SIZE) {
            throw new UndecodableException(bytes.length + " bytes are no public key");
        }
        try {
            return new VerifyingKey(new Ed25519PublicKeyParameters(bytes));
        } catch (IllegalArgumentException e) {
            throw new UndecodableException("no public key: " + e.getMessage(), e);
        }
    }

    /** Its 32 bytes. */
    public byte[] bytes() {
        return key.getEncoded();
    }

    boolean verify(byte[] message, byte[] signature) {
        return signature.length == Ed25519.SIGNATURE_SIZE
                && key.verify(
                        Ed25519.Algorithm.Ed25519, null, message, 0, message.length, signature, 0);
    }
}
