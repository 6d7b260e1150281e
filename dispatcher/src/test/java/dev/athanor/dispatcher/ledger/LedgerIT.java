package dev.athanor.dispatcher.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.athanor.dispatcher.database.Database;
import dev.athanor.dispatcher.metrics.DispatcherMetric;
import dev.athanor.dispatcher.metrics.DispatcherMetrics;
import dev.athanor.embedded.EmbeddedKafka;
import dev.athanor.schemas.Codec;
import dev.athanor.schemas.JobEvent;
import dev.athanor.schemas.JobState;
import dev.athanor.schemas.Topics;
import dev.athanor.schemas.cluster.ClusterSetup;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The ledger between a real broker and a real PostgreSQL. */
@Timeout(value = 4, unit = TimeUnit.MINUTES)
class LedgerIT {
    private static final Duration SOON = Duration.ofSeconds(90);

    @TempDir private Path folder;
    private EmbeddedKafka kafka;
    private EmbeddedPostgres postgres;
    private Database database;
    private KafkaProducer<byte[], byte[]> producer;
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final Map<JobKey, JobRow> expected = new HashMap<>();
    private final List<Future<RecordMetadata>> sent = new ArrayList<>();
    private final Instant now = Instant.now();

    @BeforeEach
    void start() throws Exception {
        kafka = EmbeddedKafka.start(folder.resolve("kafka"), 0);
        postgres = EmbeddedPostgres.start();
        database = Database.open(url());
        Map<String, Object> servers = Map.of("bootstrap.servers", kafka.bootstrapServers());
        producer =
                new KafkaProducer<>(servers, new ByteArraySerializer(), new ByteArraySerializer());
        try (Admin admin = Admin.create(servers)) {
            new ClusterSetup(admin, Duration.ofSeconds(30)).apply(List.of("default"), List.of());
        }
    }

    @AfterEach
    void stop() throws Exception {
        producer.close();
        database.close();
        postgres.close();
        kafka.close();
    }

    @Test
    void dispatchersThatAreKilledAnywhereLoseNoEventAndApplyNoneTwice() throws Exception {
        Random random = new Random(7);
        List<Process> started = new ArrayList<>();
        try {
            started.add(DispatcherProcess.start("a", kafka.bootstrapServers(), url()));
            started.add(DispatcherProcess.start("b", kafka.bootstrapServers(), url()));
            // One by one, until the partitions of the new topic have taken their first ones:
            // several
            // at once that a partition without a leader refused were seen to stall the producer.
            for (int i = 0; i < 100; i++) {
                send(Events.random(Events.id(now, i), random));
                awaitSent();
            }
            for (int round = 1; round <= 3; round++) {
                for (int i = 0; i < 3_000; i++) {
                    send(Events.random(Events.id(now, random.nextInt(500)), random));
                }
                awaitSent();
                long before = applied();
                await().atMost(SOON).until(() -> applied() > before);
                int victim = round % 2;
                started.get(victim).destroyForcibly().waitFor();
                String name = "c" + round;
                started.set(victim, DispatcherProcess.start(name, kafka.bootstrapServers(), url()));
            }

            await().atMost(SOON)
                    .untilAsserted(
                            () -> assertThat(Ledgers.rows(database)).isEqualTo(expectedTexts()));
        } finally {
            started.forEach(Process::destroyForcibly);
        }
    }

    @Test
    void whatIsNoEventIsLeftOutAndTheRestGoesOn() throws Exception {
        String id = Events.id(now, 1);
        sent.add(producer.send(new ProducerRecord<>(Topics.JOBS, 0, new byte[0], null)));
        sent.add(
                producer.send(new ProducerRecord<>(Topics.JOBS, 0, new byte[0], bytes("garbage"))));
        sendOnly(Events.event(Events.id(now.minus(Duration.ofDays(40)), 2), 1, JobState.QUEUED));
        sendOnly(Events.event(Events.id(now.plus(Duration.ofDays(40)), 3), 1, JobState.QUEUED));
        send(
                Events.like(Events.event(id, 1, JobState.FAILED))
                        .setMessage("\0'; DROP TABLE jobs; --" + "x".repeat(100_000))
                        .setFunction("{\"a\",NULL}\0")
                        .build());
        send(Events.event("acme", id, 2, JobState.RUNNING, 5, ""));
        awaitSent();

        try (Ledger ledger = ledger()) {
            await().atMost(SOON)
                    .untilAsserted(
                            () -> assertThat(Ledgers.rows(database)).isEqualTo(expectedTexts()));

            await().atMost(SOON).untilAsserted(() -> assertThat(refused()).isEqualTo(4));
            assertThat(ledger.isWorking()).isTrue();
        }
    }

    @Test
    void theDatabaseMergesAsTheRowsSay() {
        Random random = new Random(11);
        LedgerStore store = new LedgerStore(database);
        JobPartitions days = new JobPartitions(database, InstantSource.fixed(now), 30);
        for (int i = 0; i < 400; i++) {
            JobRow row =
                    JobRow.of(Events.random(Events.id(now, random.nextInt(40)), random), 0)
                            .orElseThrow();
            days.make(List.of(JobId.day(row.key().id())));
            store.apply(List.of(row), Consequences.NONE, List.of());
            expected.merge(row.key(), row, JobRow::merge);
        }

        assertThat(Ledgers.rows(database)).isEqualTo(expectedTexts());
    }

    @Test
    void theNewestOfAFunctionInAStateAreFoundInAnIndexAloneAndOldDaysAreDropped() {
        LedgerStore store = new LedgerStore(database);
        JobPartitions days = new JobPartitions(database, InstantSource.fixed(now), 30);
        List<JobRow> rows = new ArrayList<>();
        for (int day = 0; day < 5; day++) {
            for (int i = 0; i < 2_000; i++) {
                String id = Events.id(now.minus(Duration.ofDays(day)), i);
                JobState state = i % 4 == 0 ? JobState.FAILED : JobState.SUCCEEDED;
                rows.add(JobRow.of(Events.event(id, 1, state), 0).orElseThrow());
            }
        }
        days.make(rows.stream().map(row -> JobId.day(row.key().id())).toList());
        store.apply(rows, Consequences.NONE, List.of());
        Ledgers.lines(database, "ANALYZE jobs");

        String newest =
                "SELECT id, state, attempt, changed_at FROM jobs WHERE tenant = 'default' AND"
                        + " function = 'Text.shout' AND state = 'FAILED' ORDER BY id DESC LIMIT 50";
        assertThat(String.join("\n", Ledgers.lines(database, "EXPLAIN " + newest)))
                .contains("Index Only Scan")
                .doesNotContain("Seq Scan", "Sort", "Bitmap", "Index Scan");
        assertThat(Ledgers.lines(database, newest))
                .hasSize(50)
                .startsWith(Events.id(now, 1996), Events.id(now, 1992));

        Instant later = now.plus(Duration.ofDays(28));
        assertThat(new JobPartitions(database, InstantSource.fixed(later), 30).dropOld())
                .hasSize(2);
        assertThat(Ledgers.rows(database)).hasSize(6_000);
    }

    private Ledger ledger() {
        return Ledger.start(
                database,
                () ->
                        new KafkaConsumer<>(
                                Map.of(
                                        "bootstrap.servers",
                                        kafka.bootstrapServers(),
                                        "group.id",
                                        Ledger.GROUP,
                                        "auto.offset.reset",
                                        "earliest",
                                        "enable.auto.commit",
                                        false),
                                new ByteArrayDeserializer(),
                                new ByteArrayDeserializer()),
                tenant -> {
                    throw new AssertionError("no result is a blob");
                },
                new DispatcherMetrics(registry),
                System::nanoTime,
                InstantSource.fixed(now));
    }

    private void send(JobEvent event) {
        JobRow row = JobRow.of(event, 0).orElseThrow();
        expected.merge(row.key(), row, JobRow::merge);
        sendOnly(event);
    }

    private void sendOnly(JobEvent event) {
        sent.add(
                producer.send(
                        new ProducerRecord<>(
                                Topics.JOBS,
                                bytes(event.getCorrelationId()),
                                Codec.current().encode(event))));
    }

    private void awaitSent() throws Exception {
        for (Future<RecordMetadata> each : sent) {
            each.get();
        }
        sent.clear();
    }

    private Map<String, String> expectedTexts() {
        Map<String, String> texts = new HashMap<>();
        expected.forEach((key, row) -> texts.put(key.tenant() + "/" + key.id(), Ledgers.text(row)));
        return texts;
    }

    private long applied() {
        String sql = "SELECT coalesce(sum(events), 0)::bigint FROM jobs";
        return Long.parseLong(Ledgers.lines(database, sql).getFirst());
    }

    private double refused() {
        return registry.get(DispatcherMetric.LEDGER_REFUSED.meterName()).counter().count();
    }

    private String url() {
        return postgres.getJdbcUrl("postgres", "postgres");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
