package dev.athanor.agent.secret;

import com.google.crypto.tink.HybridDecrypt;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.RegistryConfiguration;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import com.google.crypto.tink.TinkProtoKeysetFormat;
import com.google.crypto.tink.hybrid.HpkeParameters;
import com.google.crypto.tink.hybrid.HybridConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;

/** The key that opens a cluster's secrets, from a file that only agents have. */
public final class SecretsKeyFile {
    private final PublicSecretsKey publicKey;
    private final HybridDecrypt decrypt;

    private SecretsKeyFile(PublicSecretsKey publicKey, HybridDecrypt decrypt) {
        this.publicKey = publicKey;
        this.decrypt = decrypt;
    }

    /**
     * Reads the file.
     *
     * @throws SecretException when it holds no key
     * @throws UncheckedIOException when it cannot be read
     */
    public static SecretsKeyFile read(Path file) {
        try {
            HybridConfig.register();
            KeysetHandle handle =
                    TinkJsonProtoKeysetFormat.parseKeyset(
                            new String(Files.readAllBytes(file), StandardCharsets.UTF_8),
                            InsecureSecretKeyAccess.get());
            return new SecretsKeyFile(
                    PublicSecretsKey.of(
                            TinkProtoKeysetFormat.serializeKeysetWithoutSecret(
                                    handle.getPublicKeysetHandle())),
                    handle.getPrimitive(RegistryConfiguration.get(), HybridDecrypt.class));
        } catch (GeneralSecurityException e) {
            throw new SecretException("%s holds no key for secrets".formatted(file), e);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read %s: %s".formatted(file, e), e);
        }
    }

    /**
     * Makes the file, with a new key that only its owner can read, where there is none.
     *
     * @throws UncheckedIOException when it cannot be written
     */
    public static void makeIfMissing(Path file) {
        try {
            HybridConfig.register();
            KeysetHandle handle =
                    KeysetHandle.generateNew(
                            HpkeParameters.builder()
                                    .setKemId(HpkeParameters.KemId.DHKEM_X25519_HKDF_SHA256)
                                    .setKdfId(HpkeParameters.KdfId.HKDF_SHA256)
                                    .setAeadId(HpkeParameters.AeadId.AES_256_GCM)
                                    .setVariant(HpkeParameters.Variant.TINK)
                                    .build());
            write(
                    file,
                    TinkJsonProtoKeysetFormat.serializeKeyset(
                            handle, InsecureSecretKeyAccess.get()));
        } catch (GeneralSecurityException e) {
            throw new SecretException("no key for secrets can be made", e);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write %s: %s".formatted(file, e), e);
        }
    }

    /** Whole or not at all, and never readable by others; another's file stays. */
    private static void write(Path file, String text) throws IOException {
        Path folder = Files.createDirectories(file.toAbsolutePath().getParent());
        Path part =
                Files.createTempFile(
                        folder,
                        "secrets-",
                        ".part",
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString("rw-------")));
        try {
            Files.writeString(part, text, StandardCharsets.UTF_8);
            Files.createLink(file, part);
        } catch (FileAlreadyExistsException e) {
            // Made by another agent of this machine, or before.
            return;
        } catch (UnsupportedOperationException e) {
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    PublicSecretsKey publicKey() {
        return publicKey;
    }

    /**
     * The value.
     *
     * @throws SecretException when it was not encrypted with this key, or for another name
     */
    String open(SealedSecret secret) {
        try {
            return new String(
                    decrypt.decrypt(secret.bytes(), secret.name().context()),
                    StandardCharsets.UTF_8);
        } catch (GeneralSecurityException e) {
            throw new SecretException(
                    "secret %s was not encrypted with this agent's key, or for another name"
                            .formatted(secret.name()),
                    e);
        }
    }
}
