package dev.athanor.schemas.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.athanor.schemas.Bytes;
import dev.athanor.schemas.Signature;
import java.nio.charset.StandardCharsets;
import java.security.KeyFactory;
import java.security.spec.X509EncodedKeySpec;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CredentialsTest {
    private static final Credentials KEY = new Credentials("acme.1", "very secret");
    private static final byte[] MESSAGE = "message".getBytes(StandardCharsets.UTF_8);

    @Test
    void theSecretIsNotInTheText() {
        assertThat(KEY.toString()).contains("acme.1").doesNotContain("very secret");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  ", "a\nb", "a\u0000"})
    void whatCanBeNoKeyIsRefusedWithoutBeingNamed(String text) {
        assertThatThrownBy(() -> new Credentials("acme.1", text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the key secret must not be blank, nor have control characters");
        assertThatThrownBy(() -> new Credentials(text, "secret"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("the key id");
    }

    /** Part of the wire contract: other languages derive the same key. */
    @Test
    void theSigningKeyIsDerivedFromTheSecret() {
        VerifyingKey key = SigningKey.of(KEY).verifyingKey();

        assertThat(HexFormat.of().formatHex(key.bytes()))
                .isEqualTo("ffa0132b1259ee9120d80ee539b4593998691e48e94f441e3fdbe1628729d520");
        VerifyingKey read = VerifyingKey.of(key.bytes());
        assertThat(read.verify(MESSAGE, SigningKey.of(KEY).sign(MESSAGE))).isTrue();
        byte[] other = SigningKey.of(new Credentials("acme.1", "other")).sign(MESSAGE);
        assertThat(read.verify(MESSAGE, other)).isFalse();
        assertThat(read.verify(MESSAGE, new byte[3])).isFalse();
    }

    /** The JDK's own Ed25519 takes seventeen times as long, and says the same. */
    @Test
    void theJdkAcceptsItsSignatures() throws Exception {
        byte[] prefix = HexFormat.of().parseHex("302a300506032b6570032100");
        byte[] key = SigningKey.of(KEY).verifyingKey().bytes();
        byte[] encoded = Arrays.copyOf(prefix, prefix.length + key.length);
        System.arraycopy(key, 0, encoded, prefix.length, key.length);
        java.security.Signature jdk = java.security.Signature.getInstance("Ed25519");
        jdk.initVerify(
                KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded)));
        jdk.update(MESSAGE);

        assertThat(jdk.verify(SigningKey.of(KEY).sign(MESSAGE))).isTrue();
    }

    @Test
    void aSignatureIsTheSameWhereverItIsMade() {
        Signature signature =
                Signer.of(KEY, InstantSource.fixed(Instant.ofEpochMilli(1))).sign(MESSAGE);

        assertThat(HexFormat.of().formatHex(Bytes.copy(signature.getSignature())))
                .isEqualTo(
                        "a2eeee06ad9ed9d7c5779378819ed017409c3082a81342d1a7f0a57c79a0f8fdcf7a9b5a4119fe89a1add15646ff7faa64e7b5358bb81983ea28253251abea0d");
    }

    @Test
    void whatTheSecretHoldsDoesNotEndItsQuotes() {
        assertThat(
                        KafkaAccess.settings(new Credentials("id", "a\"b\\c; d"), Optional.empty())
                                .get("sasl.jaas.config"))
                .endsWith("username=\"id\" password=\"a\\\"b\\\\c; d\";");
    }
}
