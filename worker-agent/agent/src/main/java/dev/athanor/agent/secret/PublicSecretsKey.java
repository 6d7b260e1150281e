package dev.athanor.agent.secret;

import com.google.crypto.tink.HybridEncrypt;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.RegistryConfiguration;
import com.google.crypto.tink.TinkProtoKeysetFormat;
import com.google.crypto.tink.hybrid.HybridConfig;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;

/** What secrets of a cluster are encrypted with: HPKE, by a key that only its agents can open. */
public final class PublicSecretsKey {
    private final byte[] bytes;
    private final HybridEncrypt encrypt;

    private PublicSecretsKey(byte[] bytes, HybridEncrypt encrypt) {
        this.bytes = bytes.clone();
        this.encrypt = encrypt;
    }

    /**
     * The key as the cluster publishes it.
     *
     * @throws SecretException when it is none
     */
    static PublicSecretsKey of(byte[] keyset) {
        try {
            HybridConfig.register();
            KeysetHandle handle = TinkProtoKeysetFormat.parseKeysetWithoutSecret(keyset);
            return new PublicSecretsKey(
                    keyset, handle.getPrimitive(RegistryConfiguration.get(), HybridEncrypt.class));
        } catch (GeneralSecurityException e) {
            throw new SecretException("the cluster's key for secrets cannot be read", e);
        }
    }

    byte[] bytes() {
        return bytes.clone();
    }

    SealedSecret seal(SecretName name, String value) {
        try {
            byte[] sealed = encrypt.encrypt(value.getBytes(StandardCharsets.UTF_8), name.context());
            return new SealedSecret(name, ByteBuffer.wrap(sealed));
        } catch (GeneralSecurityException e) {
            throw new SecretException("secret %s cannot be encrypted".formatted(name), e);
        }
    }
}
