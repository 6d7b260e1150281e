package dev.athanor.agent.secret;

import dev.athanor.schemas.Codec;
import dev.athanor.schemas.Secret;
import dev.athanor.schemas.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/**
 * Sets, lists and deletes the secrets of a cluster. Needs no private key: values are encrypted here
 * and cannot be read back. Its clients stay their giver's to close.
 */
public final class SecretStore {
    /** Longest value in bytes; the environment of a process does not take much more. */
    public static final int MAX_BYTES = 32 * 1024;

    private final Consumer<byte[], byte[]> consumer;
    private final Producer<byte[], byte[]> producer;
    private final Duration timeout;
    private final InstantSource clock;

    /**
     * @param consumer without a group
     * @param timeout longest wait for each answer of the cluster
     */
    public SecretStore(
            Consumer<byte[], byte[]> consumer,
            Producer<byte[], byte[]> producer,
            Duration timeout,
            InstantSource clock) {
        this.consumer = consumer;
        this.producer = producer;
        this.timeout = timeout;
        this.clock = clock;
    }

    /**
     * Sets a secret, for sandboxes that start from now on.
     *
     * @throws IllegalArgumentException when no environment variable can have that value
     * @throws SecretException when the cluster has no key for secrets
     */
    public void set(SecretName name, String value) throws InterruptedException {
        int size = value.getBytes(StandardCharsets.UTF_8).length;
        if (value.isEmpty() || size > MAX_BYTES || value.indexOf('\0') >= 0) {
            throw new IllegalArgumentException(
                    "the value of a secret has 1 to %,d bytes, none of them 0; this one has %,d"
                            .formatted(MAX_BYTES, size));
        }
        PublicSecretsKey key =
                table().publicKey()
                        .map(PublicSecretsKey::of)
                        .orElseThrow(() ->
                                new SecretException(
                                        "the cluster has no key for secrets yet: its first agent"
                                                + " makes it, so start one",
                                        null));
        SealedSecret sealed = key.seal(name, value);
        write(
                name,
                Codec.current()
                        .encode(
                                new Secret(
                                        name.tenant(),
                                        name.name(),
                                        clock.millis(),
                                        sealed.ciphertext())));
    }

    /** When which secrets of the tenant were set, by name. */
    public Map<String, Instant> list(String tenant) {
        return table().ofTenant(tenant).stream()
                .collect(
                        Collectors.toMap(
                                entry -> entry.secret().name().name(),
                                entry -> Instant.ofEpochMilli(entry.setAt()),
                                (a, b) -> b,
                                TreeMap::new));
    }

    /**
     * Deletes a secret. Sandboxes that have it keep it until they end.
     *
     * @return false when it was not set
     */
    public boolean delete(SecretName name) throws InterruptedException {
        if (table().find(name).isEmpty()) {
            return false;
        }
        write(name, null);
        return true;
    }

    private SecretTable table() {
        SecretTable table = new SecretTable();
        table.readToEnd(consumer, timeout);
        return table;
    }

    private void write(SecretName name, byte @Nullable [] value) throws InterruptedException {
        try {
            producer.send(new ProducerRecord<>(Topics.SECRETS, name.key(), value)).get();
        } catch (ExecutionException e) {
            throw new KafkaException("Kafka did not take secret " + name, e.getCause());
        }
    }
}
