package dev.athanor.schemas.keys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.schemas.Codec;
import dev.athanor.schemas.KeyRecord;
import dev.athanor.schemas.KeyRole;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class KeyDirectoryTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final KeyRecord KEY =
            KnownKey.record(
                    new Credentials("acme.1", "secret"),
                    KeyRole.TENANT,
                    "acme",
                    Instant.EPOCH,
                    "laptop");

    private final FakeKeys topic = new FakeKeys();
    private KeyDirectory directory;

    @BeforeEach
    void open() {
        directory = KeyDirectory.follow(topic.consumer());
    }

    @AfterEach
    void close() {
        directory.close();
    }

    @Test
    void knowsWhatWasWritten() {
        topic.add(KEY);

        assertThat(directory.find("acme.1"))
                .hasValueSatisfying(key -> {
                    assertThat(key.tenant()).isEqualTo("acme");
                    assertThat(key.note()).isEqualTo("laptop");
                    assertThat(key.isRevoked()).isFalse();
                });
        assertThat(directory.find("acme.2")).isEmpty();
    }

    @Test
    void knowsThatAKeyWasRevoked() {
        topic.add(KEY);
        topic.add(KeyRecord.newBuilder(KEY).setRevokedAt(1L).build());

        assertThat(directory.awaitCaughtUp(PATIENCE)).isTrue();
        assertThat(directory.all()).singleElement().matches(KnownKey::isRevoked);
    }

    @Test
    void aKeyIsNotBelievedWhereItsLatestRecordCannotBe() {
        byte[] id = "acme.1".getBytes(StandardCharsets.UTF_8);
        topic.add(KEY);
        topic.add(id, new byte[] {1, 2, 3});

        assertThat(directory.awaitCaughtUp(PATIENCE)).isTrue();
        assertThat(directory.all()).isEmpty();
    }

    @Test
    void aRecordThatCanBeNoKeyIsDropped() {
        topic.add(KeyRecord.newBuilder(KEY).setTenant("not/a/name").build());
        topic.add(KeyRecord.newBuilder(KEY).setRole(KeyRole.UNKNOWN).build());
        topic.add(KeyRecord.newBuilder(KEY).setPublicKey(ByteBuffer.allocate(7)).build());
        topic.add("acme.9".getBytes(StandardCharsets.UTF_8), Codec.current().encode(KEY));

        assertThat(directory.awaitCaughtUp(PATIENCE)).isTrue();
        assertThat(directory.all()).isEmpty();
    }
}
