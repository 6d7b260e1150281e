package dev.athanor.agent.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.athanor.environment.sandbox.SecretValues;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretsKeyFileTest {
    private static final String VALUE = "kept from söméone";

    @TempDir private Path folder;
    private Path file;
    private SecretsKeyFile key;

    @BeforeEach
    void make() {
        file = folder.resolve("new").resolve("secrets.key");
        SecretsKeyFile.makeIfMissing(file);
        key = SecretsKeyFile.read(file);
    }

    private static SecretName name(String tenant, String name) {
        return new SecretName(tenant, name);
    }

    @Test
    void onlyItsOwnerCanReadTheFileAndNoOtherIsLeft() throws IOException {
        assertThat(Files.getPosixFilePermissions(file))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
        try (var files = Files.list(file.getParent())) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void aFileThatIsThereStays() throws IOException {
        String before = Files.readString(file);

        SecretsKeyFile.makeIfMissing(file);

        assertThat(file).hasContent(before);
    }

    @Test
    void whatWasEncryptedWithThePublicKeyIsOpened() {
        PublicSecretsKey published = PublicSecretsKey.of(key.publicKey().bytes());

        SealedSecret sealed = published.seal(name("a", "TOKEN"), VALUE);

        assertThat(key.open(sealed)).isEqualTo(VALUE);
        assertThat(new String(sealed.bytes(), StandardCharsets.UTF_8)).doesNotContain("kept");
    }

    @Test
    void thePublicKeyDoesNotHoldThePrivateOne() {
        assertThatExceptionOfType(SecretException.class)
                .isThrownBy(() -> {
                    Path copy = folder.resolve("copy");
                    Files.write(copy, key.publicKey().bytes());
                    SecretsKeyFile.read(copy);
                });
    }

    @Test
    void aSecretIsBoundToItsTenantAndName() {
        SealedSecret sealed = key.publicKey().seal(name("a", "TOKEN"), VALUE);

        for (SecretName other : new SecretName[] {name("b", "TOKEN"), name("a", "TOKEN2")}) {
            assertThatExceptionOfType(SecretException.class)
                    .isThrownBy(() -> key.open(new SealedSecret(other, sealed.ciphertext())))
                    .withMessageContaining(other.toString());
        }
    }

    @Test
    void anotherKeyOpensNothing() {
        Path other = folder.resolve("other");
        SecretsKeyFile.makeIfMissing(other);
        SealedSecret sealed = key.publicKey().seal(name("a", "TOKEN"), VALUE);

        assertThatExceptionOfType(SecretException.class)
                .isThrownBy(() -> SecretsKeyFile.read(other).open(sealed))
                .withMessageContaining("this agent's key");
    }

    @Test
    void theSameValueIsAnotherVersionWheneverItIsSet() {
        SealedSecret first = key.publicKey().seal(name("a", "TOKEN"), VALUE);
        SealedSecret second = key.publicKey().seal(name("a", "TOKEN"), VALUE);

        assertThat(first.version()).isNotEqualTo(second.version());
    }

    @Test
    void valuesAreInNoText() {
        SealedSecret sealed = key.publicKey().seal(name("a", "TOKEN"), VALUE);

        assertThat(sealed).hasToString("a/TOKEN");
        assertThat(new SecretValues(Map.of("TOKEN", VALUE))).hasToString("secrets [TOKEN]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "1A",
                "A-B",
                "A B",
                "A=B",
                "PATH",
                "HOME",
                "LD_PRELOAD",
                "_JAVA_OPTIONS"
            })
    void namesThatNoVariableShouldHaveAreRefused(String name) {
        assertThatIllegalArgumentException().isThrownBy(() -> name("a", name));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "_", "PATHS", "MY_PATH", "A1_b", "LDAP_PASSWORD", "L"})
    void namesThatAVariableMayHaveArePossible(String name) {
        assertThat(name("a", name).name()).isEqualTo(name);
    }
}
