package dev.athanor.schemas.keys;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.math.ec.rfc8032.Ed25519;

/**
 * The Ed25519 key of some credentials: its 32 bytes are HMAC-SHA-256 of "athanor ed25519 1" under
 * the UTF-8 bytes of the secret. Safe for any number of threads.
 */
final class SigningKey {
    private static final byte[] PURPOSE = "athanor ed25519 1".getBytes(StandardCharsets.UTF_8);
    private static final String HMAC = "HmacSHA256";

    private final Ed25519PrivateKeyParameters key;

    private SigningKey(Ed25519PrivateKeyParameters key) {
        this.key = key;
    }

    static SigningKey of(Credentials credentials) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            byte[] secret = credentials.secret().getBytes(StandardCharsets.UTF_8);
            mac.init(new SecretKeySpec(secret, HMAC));
            return new SigningKey(new Ed25519PrivateKeyParameters(mac.doFinal(PURPOSE)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + HMAC, e);
        }
    }

    byte[] sign(byte[] message) {
        byte[] signature = new byte[Ed25519.SIGNATURE_SIZE];
        key.sign(Ed25519.Algorithm.Ed25519, null, message, 0, message.length, signature, 0);
        return signature;
    }

    VerifyingKey verifyingKey() {
        return new VerifyingKey(key.generatePublicKey());
    }
}
