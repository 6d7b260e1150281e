package dev.athanor.agent.secret;

import dev.athanor.environment.sandbox.SecretValues;
import dev.athanor.schemas.Codec;
import dev.athanor.schemas.SecretsKey;
import dev.athanor.schemas.Topics;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows a cluster's secrets on a thread of its own, and opens them for sandboxes. The first agent
 * of a cluster makes its key. Safe for any number of threads.
 */
public final class Secrets implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Secrets.class);
    private static final Duration POLL = Duration.ofSeconds(1);
    private static final Duration BACKOFF = Duration.ofSeconds(1);
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(5);

    private final SecretTable table = new SecretTable();
    private final Path keyFile;
    private final Supplier<Consumer<byte[], byte[]>> consumers;
    private final Duration timeout;
    private final Thread thread;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private volatile @Nullable SecretsKeyFile key;
    private volatile @Nullable Consumer<byte[], byte[]> current;
    private volatile Runnable onChange = () -> {};

    private Secrets(Path keyFile, Supplier<Consumer<byte[], byte[]>> consumers, Duration timeout) {
        this.keyFile = keyFile;
        this.consumers = consumers;
        this.timeout = timeout;
        this.thread = Thread.ofPlatform().name("secrets").daemon().unstarted(this::follow);
    }

    /**
     * Reads the secrets that there are, and goes on to follow them.
     *
     * @param keyFile the private key; made where neither it nor a key of the cluster exists
     * @param consumers makes a consumer without a group, anew after a failure
     * @param producer stays its giver's to close
     * @param timeout longest wait for each answer of the cluster
     * @throws KafkaException when the cluster does not answer
     * @throws SecretException when the file holds no key
     */
    public static Secrets open(
            Path keyFile,
            Supplier<Consumer<byte[], byte[]>> consumers,
            Producer<byte[], byte[]> producer,
            Duration timeout)
            throws InterruptedException {
        Secrets secrets = new Secrets(keyFile, consumers, timeout);
        try (Consumer<byte[], byte[]> consumer = consumers.get()) {
            secrets.table.readToEnd(consumer, timeout);
        }
        secrets.takeKey(producer);
        secrets.thread.start();
        return secrets;
    }

    private void takeKey(Producer<byte[], byte[]> producer) throws InterruptedException {
        if (!Files.exists(keyFile)) {
            if (table.publicKey().isPresent()) {
                LOG.warn(
                        "functions with secrets fail here: copy the secrets key of another agent to"
                                + " {} and start again",
                        keyFile);
                return;
            }
            SecretsKeyFile.makeIfMissing(keyFile);
        }
        SecretsKeyFile own = SecretsKeyFile.read(keyFile);
        key = own;
        if (table.publicKey().isEmpty()) {
            publish(own.publicKey(), producer);
        } else if (!table.hasKey(own.publicKey())) {
            LOG.warn(
                    "functions with secrets fail here: {} is not the key that this cluster's"
                            + " secrets are encrypted with; copy that of another agent",
                    keyFile);
        }
    }

    private static void publish(PublicSecretsKey key, Producer<byte[], byte[]> producer)
            throws InterruptedException {
        try {
            producer.send(
                            new ProducerRecord<>(
                                    Topics.SECRETS_KEY,
                                    new byte[0],
                                    Codec.current()
                                            .encode(new SecretsKey(ByteBuffer.wrap(key.bytes())))))
                    .get();
        } catch (ExecutionException e) {
            throw new KafkaException("the key for secrets was not taken", e.getCause());
        }
    }

    /** Has somebody told after secrets were set or deleted; must be quick. */
    public void onChange(Runnable listener) {
        onChange = listener;
    }

    /**
     * A tenant's secret.
     *
     * @return empty where it is not set, or none can have that name
     */
    public Optional<SealedSecret> find(String tenant, String name) {
        try {
            return table.find(new SecretName(tenant, name));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /**
     * The values.
     *
     * @throws SecretException when this agent cannot open one
     */
    public SecretValues open(List<SealedSecret> secrets) {
        if (secrets.isEmpty()) {
            return SecretValues.NONE;
        }
        SecretsKeyFile own = key;
        if (own == null) {
            throw new SecretException(
                    "the agent has no key for secrets: copy that of another agent to " + keyFile,
                    null);
        }
        Map<String, String> values = new HashMap<>();
        for (SealedSecret secret : new ArrayList<>(secrets)) {
            values.put(secret.name().name(), own.open(secret));
        }
        return new SecretValues(values);
    }

    private void follow() {
        while (stopped.getCount() > 0) {
            try (Consumer<byte[], byte[]> consumer = consumers.get()) {
                current = consumer;
                table.readToEnd(consumer, timeout);
                onChange.run();
                while (stopped.getCount() > 0) {
                    if (table.read(consumer, POLL)) {
                        onChange.run();
                    }
                }
            } catch (WakeupException e) {
                // Closing wakes it, and nobody else does.
                return;
            } catch (RuntimeException e) {
                LOG.warn("secrets cannot be read and are tried again", e);
                backOff();
            } finally {
                current = null;
            }
        }
    }

    private void backOff() {
        try {
            boolean isStopped = stopped.await(BACKOFF.toMillis(), TimeUnit.MILLISECONDS);
            LOG.debug("stopped={}", isStopped);
        } catch (InterruptedException e) {
            stopped.countDown();
        }
    }

    @Override
    public void close() {
        stopped.countDown();
        Consumer<byte[], byte[]> consumer = current;
        if (consumer != null) {
            consumer.wakeup();
        }
        try {
            boolean ended = thread.join(CLOSE_PATIENCE);
            LOG.debug("ended={}", ended);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
