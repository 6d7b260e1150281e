package dev.athanor.schemas.keys;

import dev.athanor.schemas.Signature;
import java.nio.ByteBuffer;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** Signs what is sent. Safe for any number of threads. */
@FunctionalInterface
public interface Signer {
    /** The signature of the bytes; null where nobody asks for one. */
    @Nullable Signature sign(byte[] content);

    /** On a cluster without credentials. */
    static Signer none() {
        return content -> null;
    }

    /** By the key of some credentials. */
    static Signer of(Credentials credentials, InstantSource clock) {
        SigningKey key = SigningKey.of(credentials);
        return content -> {
            long at = clock.millis();
            byte[] signature = key.sign(SignedBytes.message(at, content));
            return new Signature(credentials.keyId(), at, ByteBuffer.wrap(signature));
        };
    }
}
