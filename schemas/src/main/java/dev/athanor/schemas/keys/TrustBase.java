package dev.athanor.schemas.keys;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;

/**
 * What a process of the cluster believes, and what it follows for that: with credentials the keys,
 * and without them nothing, since everything is one tenant's. Safe for any number of threads.
 */
public final class TrustBase implements AutoCloseable {
    private final Trust trust;
    private final Optional<KeyDirectory> keys;

    private TrustBase(Trust trust, Optional<KeyDirectory> keys) {
        this.trust = trust;
        this.keys = keys;
    }

    /**
     * Begins to follow the keys, where there are credentials.
     *
     * @param credentials of an operator
     * @param tenant whose everything is without them
     * @param consumers makes a consumer without a group that reads from the earliest record
     * @param refused is told what kind of record was refused, {@code invocation} or {@code
     *     cancellation}, and why
     */
    public static TrustBase open(
            Optional<Credentials> credentials,
            String tenant,
            Supplier<Consumer<byte[], byte[]>> consumers,
            BiConsumer<String, Refusal> refused,
            InstantSource clock) {
        if (credentials.isEmpty()) {
            return new TrustBase(new OneTenant(tenant), Optional.empty());
        }
        KeyDirectory keys = KeyDirectory.follow(consumers.get());
        Signer operator = Signer.of(credentials.get(), clock);
        return new TrustBase(new SignedOnly(keys, operator, refused), Optional.of(keys));
    }

    public Trust trust() {
        return trust;
    }

    /** Whether who asks for something needs a key. */
    public boolean asksForKeys() {
        return keys.isPresent();
    }

    /**
     * The key of those credentials; empty: there is none of that id, the secret is not its own, or
     * it was revoked.
     *
     * @throws org.apache.kafka.common.errors.TimeoutException when there is no saying now
     */
    public Optional<KnownKey> key(Credentials credentials) {
        return keys.flatMap(each -> each.find(credentials.keyId()))
                .filter(key -> !key.isRevoked() && key.isOf(credentials));
    }

    /** Waits until all keys are known; false when that took too long. */
    public boolean awaitReady(Duration timeout) {
        return keys.isEmpty() || keys.get().awaitCaughtUp(timeout);
    }

    @Override
    public void close() {
        keys.ifPresent(KeyDirectory::close);
    }
}
