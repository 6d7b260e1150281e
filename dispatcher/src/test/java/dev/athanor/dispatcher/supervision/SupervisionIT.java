package dev.athanor.dispatcher.supervision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.athanor.dispatcher.Dispatcher;
import dev.athanor.dispatcher.DispatcherConfig;
import dev.athanor.embedded.EmbeddedKafka;
import dev.athanor.schemas.AgentStatus;
import dev.athanor.schemas.Codec;
import dev.athanor.schemas.DeadLetter;
import dev.athanor.schemas.DeadLetterReason;
import dev.athanor.schemas.InvocationEnvelope;
import dev.athanor.schemas.Lease;
import dev.athanor.schemas.Outcome;
import dev.athanor.schemas.Reply;
import dev.athanor.schemas.Topics;
import dev.athanor.schemas.attempt.LeaseKey;
import dev.athanor.schemas.cluster.ClusterSetup;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Supervision on a real broker, of agents that the test plays. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class SupervisionIT {
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final String QUEUE = Topics.invocations("M");

    @TempDir private static Path folder;
    private static EmbeddedKafka kafka;
    private static KafkaProducer<byte[], byte[]> producer;

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final String call = UUID.randomUUID().toString();
    private final String agent = "agent-" + UUID.randomUUID();
    private final List<AutoCloseable> started = new ArrayList<>();

    @BeforeAll
    static void startKafka() throws Exception {
        kafka = EmbeddedKafka.start(folder.resolve("kafka"), 0);
        producer =
                new KafkaProducer<>(
                        Map.of("bootstrap.servers", kafka.bootstrapServers()),
                        new ByteArraySerializer(),
                        new ByteArraySerializer());
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            new ClusterSetup(admin, Duration.ofSeconds(30)).apply(List.of("default"), List.of("M"));
        }
    }

    @AfterAll
    static void stopKafka() {
        producer.close();
        kafka.close();
    }

    @BeforeEach
    void startSupervision() throws Exception {
        Dispatcher dispatcher = dispatcher("supervisor");
        await().atMost(Duration.ofSeconds(30)).until(dispatcher::isReady);
    }

    @AfterEach
    void stopSupervision() throws Exception {
        for (AutoCloseable each : started.reversed()) {
            each.close();
        }
    }

    @Test
    void whatASilentAgentHadIsRunElsewhereAsItsNextAttempt() throws Exception {
        beat(1);
        lease(Leases.lease(call, agent, 1, 1));

        await().atMost(Duration.ofSeconds(30)).until(() -> !queued().isEmpty());

        InvocationEnvelope next = queued().getFirst();
        assertThat(next.getAttempt()).isEqualTo(2);
        assertThat(next.getLostAgents()).containsExactly(agent);
        await().untilAsserted(() -> assertThat(openLeases()).isEmpty());
        assertThat(
                        registry.get("athanor.supervision.republished")
                                .tag("reason", "silent")
                                .counter()
                                .count())
                .isEqualTo(1);
    }

    @Test
    void whatAnAgentThatBeatsHasIsLeftToIt() throws Exception {
        beat(1);
        lease(Leases.lease(call, agent, 1, 1));
        long begin = System.nanoTime();

        await().pollInterval(Duration.ofMillis(200))
                .atMost(Duration.ofSeconds(30))
                .until(() -> {
                    beat(1);
                    return System.nanoTime() - begin > 3 * PATIENCE.toNanos();
                });

        assertThat(queued()).isEmpty();
        assertThat(openLeases()).hasSize(1);
    }

    @Test
    void whatAnEarlierLifeOfAnAgentHadIsRunElsewhereAtOnce() throws Exception {
        beat(7);
        lease(Leases.lease(call, agent, 6, 1));

        await().atMost(Duration.ofSeconds(30)).until(() -> !queued().isEmpty());

        assertThat(
                        registry.get("athanor.supervision.republished")
                                .tag("reason", "earlier_life")
                                .counter()
                                .count())
                .isEqualTo(1);
    }

    @Test
    void whatHadNotStartedIsNotCharged() throws Exception {
        Lease preparing =
                Lease.newBuilder(Leases.lease(call, "nobody", 1, 2)).setStarted(false).build();
        lease(preparing);

        await().atMost(Duration.ofSeconds(30)).until(() -> !queued().isEmpty());

        assertThat(queued().getFirst().getAttempt()).isEqualTo(2);
        assertThat(queued().getFirst().getLossesBeforeStart()).isEqualTo(1);
    }

    @Test
    void aLeaseAndARedeliveredRecordOfOneLossAreRunElsewhereOnce() throws Exception {
        beat(1);
        lease(Leases.lease(call, agent, 1, 1));
        lease(Leases.lease(call, LeaseKey.NOBODY, LeaseKey.NO_EPOCH, 1));
        await().atMost(Duration.ofSeconds(30)).until(() -> queued().size() == 1);

        lease(Leases.lease(call, LeaseKey.NOBODY, LeaseKey.NO_EPOCH, 1));
        await().atMost(Duration.ofSeconds(30)).until(() -> openLeases().isEmpty());

        assertThat(queued()).extracting(InvocationEnvelope::getAttempt).containsExactly(2);
    }

    @Test
    void whatWasRedeliveredIsRunElsewhereAtOnce() throws Exception {
        lease(Leases.lease(call, LeaseKey.NOBODY, LeaseKey.NO_EPOCH, 1));

        await().atMost(Duration.ofSeconds(30)).until(() -> !queued().isEmpty());

        assertThat(
                        registry.get("athanor.supervision.republished")
                                .tag("reason", "redelivered")
                                .counter()
                                .count())
                .isEqualTo(1);
    }

    @Test
    void theThirdLossEndsTheCallAndItsCallerIsTold() throws Exception {
        lease(Leases.lease(call, "nobody", 1, 3));

        await().atMost(Duration.ofSeconds(30))
                .until(() -> !read(Topics.replies("default")).isEmpty());

        Reply reply =
                (Reply) Codec.current().decode(read(Topics.replies("default")).getFirst().value());
        assertThat(reply.getOutcome()).isEqualTo(Outcome.LOST);
        assertThat(reply.getFailure().getMessage()).contains("3 attempts", "nobody");
        DeadLetter letter =
                (DeadLetter) Codec.current().decode(read(Topics.DEAD_LETTERS).getFirst().value());
        assertThat(letter.getReason()).isEqualTo(DeadLetterReason.ATTEMPTS_EXHAUSTED);
        assertThat(letter.getAttempts()).isEqualTo(3);
        assertThat(queued()).isEmpty();
        assertThat(openLeases()).isEmpty();
    }

    @Test
    void ofTwoSupervisorsTheOtherGoesOnAndEachCallIsRunElsewhereOnce() throws Exception {
        Dispatcher second = dispatcher("second");
        await().atMost(Duration.ofSeconds(30)).until(second::isReady);
        List<String> calls = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            calls.add(call + "-" + i);
            lease(Leases.lease(calls.get(i), "nobody", 1, 1));
            if (i == 20) {
                second.close();
            }
        }

        await().atMost(Duration.ofMinutes(1)).until(() -> openLeases().isEmpty());

        Map<String, Integer> republished = new HashMap<>();
        committed(QUEUE).forEach(record -> republished.merge(key(record), 1, Integer::sum));
        assertThat(republished.keySet().containsAll(calls)).isTrue();
        assertThat(republished.values()).containsOnly(1);
    }

    @Test
    void bytesThatAreNoLeaseAreLeftAlone() throws Exception {
        byte[] key = "garbage".getBytes(StandardCharsets.UTF_8);
        send(Topics.RUNNING, key, new byte[] {1, 2, 3});
        lease(
                Lease.newBuilder(Leases.lease(call + "-x", "nobody", 1, 1))
                        .setMachineType("../..")
                        .build());
        lease(
                Lease.newBuilder(Leases.lease(call + "-y", "nobody", 1, 1))
                        .setMachineType("NONE")
                        .build());
        lease(Leases.lease(call, "nobody", 1, 1));

        await().atMost(Duration.ofSeconds(30)).until(() -> !queued().isEmpty());

        assertThat(registry.get("athanor.supervision.undecodable").counter().count())
                .isGreaterThanOrEqualTo(1);
        send(Topics.RUNNING, key, null);
    }

    @Test
    void whatKafkaGaveUpRaisesTheAlarm() throws Exception {
        ProducerRecord<byte[], byte[]> letter =
                new ProducerRecord<>(Topics.GROUP_DEAD_LETTERS, null, new byte[] {1});
        letter.headers().add(new RecordHeader("why", "limit".getBytes(StandardCharsets.UTF_8)));
        producer.send(letter).get();

        await().atMost(Duration.ofSeconds(30))
                .until(() -> registry.get("athanor.group.dead.letters").counter().count() >= 1);
    }

    /** What exactly one run elsewhere rests on. */
    @Test
    void aShareGroupSeesOnlyWhatATransactionCommitted() throws Exception {
        try (KafkaShareConsumer<byte[], byte[]> consumer =
                new KafkaShareConsumer<>(
                        Map.of(
                                "bootstrap.servers",
                                kafka.bootstrapServers(),
                                "group.id",
                                Topics.workersGroup("M")),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer())) {
            consumer.subscribe(List.of(QUEUE));
            transaction(call + "-aborted", false);
            transaction(call + "-committed", true);
            List<String> seen = new ArrayList<>();

            await().atMost(Duration.ofSeconds(30))
                    .until(() -> {
                        consumer.poll(Duration.ofMillis(200))
                                .forEach(record -> seen.add(key(record)));
                        return seen.contains(call + "-committed");
                    });

            assertThat(seen).doesNotContain(call + "-aborted");
        }
    }

    private void transaction(String key, boolean commits) {
        try (KafkaProducer<byte[], byte[]> transactional =
                new KafkaProducer<>(
                        Map.of(
                                "bootstrap.servers",
                                kafka.bootstrapServers(),
                                "transactional.id",
                                "test"),
                        new ByteArraySerializer(),
                        new ByteArraySerializer())) {
            transactional.initTransactions();
            transactional.beginTransaction();
            Future<RecordMetadata> _ =
                    transactional.send(
                            new ProducerRecord<>(
                                    QUEUE, key.getBytes(StandardCharsets.UTF_8), new byte[] {1}));
            transactional.flush();
            if (commits) {
                transactional.commitTransaction();
            } else {
                transactional.abortTransaction();
            }
        }
    }

    private Dispatcher dispatcher(String id) throws InterruptedException {
        Dispatcher dispatcher =
                Dispatcher.start(
                        DispatcherConfig.of(id, kafka.bootstrapServers()).withPatience(PATIENCE),
                        registry,
                        InstantSource.system());
        started.add(dispatcher);
        return dispatcher;
    }

    private void beat(long epoch) throws Exception {
        AgentStatus status =
                new AgentStatus(agent, epoch, "", 0L, List.of(), List.of(), List.of(), false);
        send(Topics.AGENTS, agent.getBytes(StandardCharsets.UTF_8), Codec.current().encode(status));
    }

    private static void lease(Lease lease) throws Exception {
        int partitions = producer.partitionsFor(Topics.RUNNING).size();
        producer.send(
                        new ProducerRecord<>(
                                Topics.RUNNING,
                                LeaseKey.partition(lease.getCorrelationId(), partitions),
                                LeaseKey.of(lease),
                                Codec.current().encode(lease)))
                .get();
    }

    private static void send(String topic, byte[] key, byte[] value) throws Exception {
        producer.send(new ProducerRecord<>(topic, key, value)).get();
    }

    private List<InvocationEnvelope> queued() {
        return read(QUEUE).stream()
                .map(record -> Codec.current().decode(record.value(), InvocationEnvelope.class))
                .toList();
    }

    private Map<String, byte[]> openLeases() {
        Map<String, byte[]> open = new LinkedHashMap<>();
        for (ConsumerRecord<byte[], byte[]> record : committed(Topics.RUNNING)) {
            if (key(record).startsWith(call)) {
                if (record.value() == null) {
                    open.remove(key(record));
                } else {
                    open.put(key(record), record.value());
                }
            }
        }
        return open;
    }

    private List<ConsumerRecord<byte[], byte[]>> read(String topic) {
        return committed(topic).stream().filter(record -> key(record).equals(call)).toList();
    }

    private static String key(ConsumerRecord<byte[], byte[]> record) {
        return record.key() == null ? "" : new String(record.key(), StandardCharsets.UTF_8);
    }

    private static List<ConsumerRecord<byte[], byte[]>> committed(String topic) {
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(
                        Map.of(
                                "bootstrap.servers",
                                kafka.bootstrapServers(),
                                "isolation.level",
                                "read_committed"),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer())) {
            List<TopicPartition> partitions =
                    consumer.partitionsFor(topic).stream()
                            .map(info -> new TopicPartition(topic, info.partition()))
                            .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
            while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.get(p))) {
                consumer.poll(Duration.ofMillis(100)).forEach(records::add);
            }
            return records;
        }
    }
}
