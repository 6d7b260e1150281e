package dev.athanor.schemas.cluster;

import dev.athanor.schemas.Codec;
import dev.athanor.schemas.KeyRecord;
import dev.athanor.schemas.KeyRole;
import dev.athanor.schemas.Topics;
import dev.athanor.schemas.keys.Credentials;
import dev.athanor.schemas.keys.KeyDirectory;
import dev.athanor.schemas.keys.KnownKey;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialDeletion;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.ResourceNotFoundException;
import org.apache.kafka.common.errors.SecurityDisabledException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Makes, lists and revokes keys. A key is three things: its public half in {@link Topics#KEYS}, a
 * SCRAM credential, and what that may do. They come in an order in which a key works once all are
 * there, and go in one in which it is refused from the first step on; each step may be done again.
 *
 * <p>Blocks; every step waits at most the given time-out. Not for use by several threads at once.
 */
public final class KeyAdmin implements AutoCloseable {
    private static final int SECRET_BYTES = 32;
    private static final int ID_BYTES = 6;

    /** What keeps guessers off weak passwords; the secrets here have 256 bits. */
    private static final int ITERATIONS = 4096;

    private static final String OPERATOR = "operator";

    private final Admin admin;
    private final AdminCalls calls;
    private final Producer<byte[], byte[]> producer;
    private final Map<String, Object> settings;
    private final Duration timeout;
    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();

    private KeyAdmin(
            Admin admin,
            Producer<byte[], byte[]> producer,
            Map<String, Object> settings,
            Duration timeout,
            InstantSource clock) {
        this.admin = admin;
        this.calls = new AdminCalls(admin, timeout);
        this.producer = producer;
        this.settings = settings;
        this.timeout = timeout;
        this.clock = clock;
    }

    /**
     * Connects to a cluster.
     *
     * @param kafka settings of Kafka clients that may look after it
     * @param timeout longest wait for each answer of the cluster
     * @throws ClusterUnreachableException when there can be no such clients
     */
    public static KeyAdmin connect(
            Map<String, String> kafka, Duration timeout, InstantSource clock) {
        try {
            return open(kafka, timeout, clock);
        } catch (KafkaException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new ClusterUnreachableException(
                    "cannot make a Kafka client: " + cause.getMessage(), e);
        }
    }

    private static KeyAdmin open(Map<String, String> kafka, Duration timeout, InstantSource clock) {
        Map<String, Object> settings = new HashMap<>(kafka);
        settings.put(CommonClientConfigs.CLIENT_ID_CONFIG, "athanor-keys");
        String millis = Long.toString(timeout.toMillis());
        settings.put(CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, millis);
        settings.put(CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG, millis);
        Map<String, Object> writing = new HashMap<>(settings);
        writing.remove(CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG);
        writing.put(ProducerConfig.ACKS_CONFIG, "all");
        writing.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, millis);
        Admin admin = Admin.create(settings);
        Producer<byte[], byte[]> producer =
                new KafkaProducer<>(writing, new ByteArraySerializer(), new ByteArraySerializer());
        return new KeyAdmin(admin, producer, settings, timeout, clock);
    }

    private Consumer<byte[], byte[]> consumer() {
        Map<String, Object> reading = new HashMap<>(settings);
        reading.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        return new GrouplessConsumer(reading);
    }

    /** New credentials of an operator, unknown to the cluster yet. */
    public static Credentials operator() {
        return credentials(OPERATOR, new SecureRandom());
    }

    /** The id begins with whose key it is. */
    private static Credentials credentials(String owner, SecureRandom random) {
        byte[] id = new byte[ID_BYTES];
        byte[] secret = new byte[SECRET_BYTES];
        random.nextBytes(id);
        random.nextBytes(secret);
        return new Credentials(
                owner + "." + HexFormat.of().formatHex(id),
                Base64.getUrlEncoder().withoutPadding().encodeToString(secret));
    }

    /**
     * Makes a key for a tenant, and the tenant's topics where they are missing.
     *
     * @param note for people
     * @return its secret is kept nowhere
     * @throws IllegalArgumentException when no tenant can have that name
     * @throws ClusterUnreachableException when the cluster does not answer or refuses
     */
    public Credentials createForTenant(String tenant, String note) throws InterruptedException {
        if (!Topics.isName(tenant) || tenant.equals(OPERATOR)) {
            throw new IllegalArgumentException(
                    "tenant '%s' is not 1 to 64 letters, digits, '-' or '_', or it is '%s'"
                            .formatted(tenant, OPERATOR));
        }
        new ClusterSetup(admin, timeout).apply(List.of(tenant), List.of());
        Credentials credentials = credentials(tenant, random);
        write(KnownKey.record(credentials, KeyRole.TENANT, tenant, clock.instant(), note));
        allow(credentials, KeyRole.TENANT, tenant);
        return credentials;
    }

    /**
     * Makes a key for agents, dispatchers and those who look after the cluster; it may do
     * everything.
     *
     * @throws ClusterUnreachableException when the cluster does not answer or refuses
     */
    public Credentials createForOperator(String note) throws InterruptedException {
        Credentials credentials = credentials(OPERATOR, random);
        registerOperator(credentials, note);
        return credentials;
    }

    /**
     * Makes a cluster know an operator's credentials, as they are, where it does not.
     *
     * @throws IllegalArgumentException when the key was revoked
     * @throws ClusterUnreachableException when the cluster does not answer or refuses
     */
    public void registerOperator(Credentials credentials, String note) throws InterruptedException {
        new ClusterSetup(admin, timeout).apply(List.of(), List.of());
        Optional<KnownKey> known = find(credentials.keyId());
        if (known.isPresent() && known.get().isRevoked()) {
            throw new IllegalArgumentException(
                    "key %s was revoked: make another".formatted(credentials.keyId()));
        }
        if (known.isEmpty()) {
            write(KnownKey.record(credentials, KeyRole.OPERATOR, "", clock.instant(), note));
        }
        allow(credentials, KeyRole.OPERATOR, "");
    }

    private Optional<KnownKey> find(String keyId) {
        return list().stream().filter(key -> key.keyId().equals(keyId)).findFirst();
    }

    private void allow(Credentials credentials, KeyRole role, String tenant)
            throws InterruptedException {
        String keyId = credentials.keyId();
        calls.attempt(
                        "allowing key " + keyId,
                        admin.createAcls(TenantAccess.of(keyId, role, tenant)).all())
                .ifPresent(error -> AdminCalls.fail("allowing key " + keyId, clear(error)));
        UserScramCredentialUpsertion login =
                new UserScramCredentialUpsertion(
                        keyId,
                        new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, ITERATIONS),
                        credentials.secret());
        calls.attempt(
                        "letting key " + keyId + " in",
                        admin.alterUserScramCredentials(List.of(login)).all())
                .ifPresent(error -> AdminCalls.fail("letting key " + keyId + " in", error));
    }

    private static Throwable clear(Throwable error) {
        return error instanceof SecurityDisabledException
                ? new SecurityDisabledException(
                        "this cluster has no keys: start it with `athanor up --secure`, or give"
                                + " its brokers an authorizer")
                : error;
    }

    /**
     * All keys, revoked ones included, by tenant and age.
     *
     * @throws ClusterUnreachableException when the cluster does not answer
     */
    public List<KnownKey> list() {
        try (KeyDirectory directory = KeyDirectory.follow(consumer())) {
            if (!directory.awaitCaughtUp(timeout)) {
                throw new ClusterUnreachableException(
                        "the topic %s was not read within %d s"
                                .formatted(Topics.KEYS, timeout.toSeconds()),
                        null);
            }
            return directory.all().stream()
                    .sorted(
                            Comparator.comparing(KnownKey::tenant)
                                    .thenComparing(KnownKey::createdAt)
                                    .thenComparing(KnownKey::keyId))
                    .toList();
        }
    }

    /**
     * Revokes a key, for good: its signatures count no longer, and it is let in no longer.
     *
     * @return false when it was revoked before; what that left undone is done
     * @throws IllegalArgumentException when there is no such key
     * @throws ClusterUnreachableException when the cluster does not answer or refuses
     */
    public boolean revoke(String keyId) throws InterruptedException {
        KnownKey key =
                find(keyId)
                        .orElseThrow(() ->
                                new IllegalArgumentException(
                                        "there is no key '%s': `athanor keys list` has all"
                                                .formatted(keyId)));
        if (!key.isRevoked()) {
            write(revoked(key));
        }
        calls.attempt(
                        "revoking key " + keyId,
                        admin.deleteAcls(List.of(TenantAccess.allOf(keyId))).all())
                .ifPresent(error -> AdminCalls.fail("revoking key " + keyId, clear(error)));
        UserScramCredentialDeletion login =
                new UserScramCredentialDeletion(keyId, ScramMechanism.SCRAM_SHA_512);
        calls.attempt(
                        "letting key " + keyId + " in no longer",
                        admin.alterUserScramCredentials(List.of(login)).all())
                .filter(error -> !(error instanceof ResourceNotFoundException))
                .ifPresent(error -> AdminCalls.fail("revoking key " + keyId, error));
        return !key.isRevoked();
    }

    private KeyRecord revoked(KnownKey key) {
        return KeyRecord.newBuilder()
                .setKeyId(key.keyId())
                .setRole(key.role())
                .setTenant(key.tenant())
                .setPublicKey(ByteBuffer.wrap(key.publicKey().bytes()))
                .setCreatedAt(key.createdAt().toEpochMilli())
                .setRevokedAt(clock.millis())
                .setNote(key.note())
                .build();
    }

    private void write(KeyRecord key) throws InterruptedException {
        try {
            producer.send(
                            new ProducerRecord<>(
                                    Topics.KEYS,
                                    key.getKeyId().getBytes(StandardCharsets.UTF_8),
                                    Codec.current().encode(key)))
                    .get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException | KafkaException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            AdminCalls.fail("writing key " + key.getKeyId(), cause);
        }
    }

    @Override
    public void close() {
        producer.close(timeout);
        admin.close(timeout);
    }
}
