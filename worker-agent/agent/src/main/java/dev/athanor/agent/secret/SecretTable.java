package dev.athanor.agent.secret;

import dev.athanor.schemas.Codec;
import dev.athanor.schemas.Secret;
import dev.athanor.schemas.SecretsKey;
import dev.athanor.schemas.Topics;
import dev.athanor.schemas.UndecodableException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The secrets and the public key as the cluster has them. Read by one thread; asked by any. Records
 * that are none are dropped.
 */
final class SecretTable {
    private static final Logger LOG = LoggerFactory.getLogger(SecretTable.class);
    private static final Duration POLL = Duration.ofMillis(250);
    private static final TopicPartition SECRETS = new TopicPartition(Topics.SECRETS, 0);
    private static final TopicPartition KEY = new TopicPartition(Topics.SECRETS_KEY, 0);

    private final Map<String, Entry> secrets = new ConcurrentHashMap<>();
    private volatile byte @Nullable [] publicKey;

    /**
     * A secret of the table.
     *
     * @param setAt milliseconds since the epoch
     */
    record Entry(SealedSecret secret, long setAt) {}

    /**
     * Reads what is there when it is called.
     *
     * @throws org.apache.kafka.common.KafkaException when that takes too long
     */
    void readToEnd(Consumer<byte[], byte[]> consumer, Duration timeout) {
        consumer.assign(List.of(SECRETS, KEY));
        consumer.seekToBeginning(consumer.assignment());
        Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment(), timeout);
        long deadline = System.nanoTime() + timeout.toNanos();
        while (ends.entrySet().stream()
                .anyMatch(end -> consumer.position(end.getKey(), timeout) < end.getValue())) {
            read(consumer, POLL);
            if (System.nanoTime() - deadline > 0) {
                throw new TimeoutException("the secrets were not read within " + timeout);
            }
        }
    }

    /** Reads what comes; whether anything did. */
    boolean read(Consumer<byte[], byte[]> consumer, Duration wait) {
        boolean any = false;
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(wait)) {
            apply(record);
            any = true;
        }
        return any;
    }

    private void apply(ConsumerRecord<byte[], byte[]> record) {
        try {
            if (record.topic().equals(Topics.SECRETS_KEY)) {
                publicKey = record.value() == null ? null : keyset(record.value());
            } else if (record.key() != null) {
                apply(new String(record.key(), StandardCharsets.UTF_8), record.value());
            }
        } catch (UndecodableException | IllegalArgumentException e) {
            LOG.warn(
                    "topic={} offset={} dropped: {}",
                    record.topic(),
                    record.offset(),
                    e.getMessage());
        }
    }

    private static byte[] keyset(byte[] value) {
        ByteBuffer keyset = Codec.current().decode(value, SecretsKey.class).getPublicKeyset();
        byte[] bytes = new byte[keyset.remaining()];
        keyset.duplicate().get(bytes);
        return bytes;
    }

    private void apply(String key, byte @Nullable [] value) {
        if (value == null) {
            secrets.remove(key);
            return;
        }
        Secret secret = Codec.current().decode(value, Secret.class);
        SecretName name = new SecretName(secret.getTenant(), secret.getName());
        if (!name.toString().equals(key)) {
            throw new IllegalArgumentException("it is " + name + " by the key of another one");
        }
        secrets.put(
                key, new Entry(new SealedSecret(name, secret.getCiphertext()), secret.getSetAt()));
    }

    Optional<SealedSecret> find(SecretName name) {
        return Optional.ofNullable(secrets.get(name.toString())).map(Entry::secret);
    }

    List<Entry> ofTenant(String tenant) {
        return secrets.values().stream()
                .filter(entry -> entry.secret().name().tenant().equals(tenant))
                .sorted((a, b) -> a.secret().name().name().compareTo(b.secret().name().name()))
                .toList();
    }

    /** The public key; empty: the cluster has none yet. */
    Optional<byte[]> publicKey() {
        byte[] known = publicKey;
        return known == null ? Optional.empty() : Optional.of(known.clone());
    }

    boolean hasKey(PublicSecretsKey key) {
        return Arrays.equals(publicKey, key.bytes());
    }
}
