package dev.athanor.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.athanor.schemas.Topics;
import dev.athanor.schemas.cluster.ClusterSetup;
import dev.athanor.schemas.cluster.KeyAdmin;
import dev.athanor.schemas.keys.Credentials;
import dev.athanor.schemas.keys.KafkaAccess;
import dev.athanor.schemas.keys.KnownKey;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TransactionalIdAuthorizationException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a key may do on a secured broker, and what nobody may without one. */
class SecuredKafkaIT {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    @TempDir private static Path folder;
    private static Credentials operator;
    private static BrokerSecurity security;
    private static EmbeddedKafka kafka;
    private static KeyAdmin keys;
    private static Credentials acme;

    @BeforeAll
    static void start() throws Exception {
        operator = KeyAdmin.operator();
        security = new BrokerSecurity(TlsFiles.in(folder.resolve("tls")), Set.of(operator.keyId()));
        kafka = EmbeddedKafka.startSecured(folder.resolve("kafka"), 0, security);
        try (KeyAdmin first =
                KeyAdmin.connect(kafka.internalAccess(), TIMEOUT, InstantSource.system())) {
            first.registerOperator(operator, "first");
        }
        try (Admin admin = Admin.create(settings(operator))) {
            new ClusterSetup(admin, TIMEOUT).apply(List.of("other"), List.of("M"));
        }
        keys = KeyAdmin.connect(access(operator), TIMEOUT, InstantSource.system());
        acme = keys.createForTenant("acme", "laptop");
    }

    @AfterAll
    static void stop() {
        keys.close();
        kafka.close();
    }

    @Test
    void certificatesAreKeptAndAreTheirOwnersOnly() throws Exception {
        Path tls = folder.resolve("tls");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(tls)))
                .isEqualTo("rwx------");
        assertThat(TlsFiles.in(tls)).isEqualTo(security.tls());
        assertThat(security.tls().toString()).doesNotContain(security.tls().password());
        assertThat(Files.readString(security.authority())).startsWith("-----BEGIN CERTIFICATE");
    }

    @Test
    void keysAreListedWithoutSecrets() throws Exception {
        assertThat(keys.list())
                .anySatisfy(key -> {
                    assertThat(key.keyId()).isEqualTo(acme.keyId()).startsWith("acme.");
                    assertThat(key.tenant()).isEqualTo("acme");
                    assertThat(key.note()).isEqualTo("laptop");
                })
                .anySatisfy(key -> assertThat(key.keyId()).isEqualTo(operator.keyId()))
                .noneMatch(key -> key.toString().contains(acme.secret()));
        assertThatThrownBy(() -> keys.createForTenant("a/b", ""))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> keys.revoke("acme.none"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("there is no key 'acme.none'");
    }

    @Test
    void aTenantWritesCallsAndReadsItsOwnOnly() throws Exception {
        for (String topic :
                List.of(Topics.invocations("M"), Topics.CANCELLATIONS, Topics.blobs("acme"))) {
            write(acme, topic);
        }
        for (String topic :
                List.of(
                        Topics.replies("acme"),
                        Topics.replies("other"),
                        Topics.blobs("other"),
                        Topics.RUNNING,
                        Topics.AGENTS,
                        Topics.KEYS,
                        Topics.DEAD_LETTERS)) {
            assertThatThrownBy(() -> write(acme, topic))
                    .as(topic)
                    .hasCauseInstanceOf(AuthorizationException.class);
        }
        read(acme, Topics.replies("acme"));
        read(acme, Topics.blobs("acme"));
        double before = kafka.deniedRequests();
        for (String topic :
                List.of(
                        Topics.replies("other"),
                        Topics.blobs("other"),
                        Topics.invocations("M"),
                        Topics.CANCELLATIONS,
                        Topics.RUNNING,
                        Topics.KEYS,
                        Topics.DEAD_LETTERS)) {
            assertThatThrownBy(() -> read(acme, topic))
                    .as(topic)
                    .isInstanceOf(AuthorizationException.class);
        }
        assertThat(kafka.deniedRequests() - before).isGreaterThanOrEqualTo(7);
    }

    @Test
    void aTenantSeesNoTopicsOfOthersAndMakesNone() throws Exception {
        try (Admin admin = Admin.create(settings(acme))) {
            assertThat(admin.listTopics().names().get())
                    .contains(Topics.replies("acme"), Topics.blobs("acme"))
                    .doesNotContain(Topics.replies("other"), Topics.KEYS, Topics.RUNNING);
            assertThatThrownBy(() ->
                            admin.createTopics(List.of(new NewTopic("own", 1, (short) 1)))
                                    .all()
                                    .get())
                    .hasCauseInstanceOf(AuthorizationException.class);
            assertThatThrownBy(() -> admin.describeUserScramCredentials().all().get())
                    .hasCauseInstanceOf(AuthorizationException.class);
        }
    }

    /** An open transaction would hold up the queue for everybody. */
    @Test
    void aTenantBeginsNoTransactions() {
        Map<String, Object> settings = settings(acme);
        settings.put("transactional.id", "mine");
        try (KafkaProducer<byte[], byte[]> producer = producer(settings)) {
            assertThatThrownBy(producer::initTransactions)
                    .isInstanceOf(TransactionalIdAuthorizationException.class);
        }
    }

    @Test
    void nobodyGetsInWithoutAKeyOrWithAWrongOne() {
        Credentials guessed = new Credentials(acme.keyId(), acme.secret() + "x");
        double before = kafka.failedLogins();
        assertThatThrownBy(() -> read(guessed, Topics.replies("acme")))
                .isInstanceOf(AuthenticationException.class);
        assertThat(kafka.failedLogins()).isGreaterThan(before);
        // The node's own listeners ask for its certificate.
        Map<String, Object> internal = new HashMap<>(kafka.internalAccess());
        internal.keySet().removeIf(name -> name.startsWith("ssl.key"));
        internal.put("default.api.timeout.ms", "5000");
        internal.put("request.timeout.ms", "5000");
        try (Admin admin = Admin.create(internal)) {
            assertThatThrownBy(() -> admin.listTopics().names().get())
                    .isInstanceOf(ExecutionException.class);
        }
    }

    @Test
    void aRevokedKeyIsLetInNoLonger() throws Exception {
        Credentials key = keys.createForTenant("acme", "");
        try (KafkaProducer<byte[], byte[]> connected = producer(settings(key))) {
            send(connected, Topics.CANCELLATIONS);

            assertThat(keys.revoke(key.keyId())).isTrue();

            // What is logged in stays so for a minute at most, and may do nothing.
            await().untilAsserted(() ->
                    assertThatThrownBy(() -> send(connected, Topics.CANCELLATIONS))
                            .hasCauseInstanceOf(AuthorizationException.class));
        }
        await().untilAsserted(() ->
                assertThatThrownBy(() -> read(key, Topics.replies("acme")))
                        .isInstanceOf(AuthenticationException.class));
        assertThat(keys.list())
                .filteredOn(known -> known.keyId().equals(key.keyId()))
                .singleElement()
                .matches(KnownKey::isRevoked);
        assertThat(keys.revoke(key.keyId())).isFalse();
    }

    private static void write(Credentials key, String topic) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = producer(settings(key))) {
            send(producer, topic);
        }
    }

    private static void send(KafkaProducer<byte[], byte[]> producer, String topic)
            throws Exception {
        producer.send(new ProducerRecord<>(topic, 0, new byte[0], new byte[0]))
                .get(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
    }

    private static void read(Credentials key, String topic) {
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(
                        settings(key), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            TopicPartition partition = new TopicPartition(topic, 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            consumer.position(partition, TIMEOUT);
            consumer.poll(Duration.ofMillis(100));
        }
    }

    private static KafkaProducer<byte[], byte[]> producer(Map<String, Object> settings) {
        return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    }

    private static Map<String, Object> settings(Credentials key) {
        return new HashMap<>(access(key));
    }

    private static Map<String, String> access(Credentials key) {
        Map<String, String> access =
                new HashMap<>(KafkaAccess.settings(key, Optional.of(security.authority())));
        access.put("bootstrap.servers", kafka.bootstrapServers());
        return access;
    }
}
