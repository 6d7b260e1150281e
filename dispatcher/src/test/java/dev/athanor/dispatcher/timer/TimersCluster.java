package dev.athanor.dispatcher.timer;

import dev.athanor.dispatcher.database.Database;
import dev.athanor.dispatcher.job.WrittenJobs;
import dev.athanor.dispatcher.ledger.Ledger;
import dev.athanor.dispatcher.metrics.DispatcherMetrics;
import dev.athanor.embedded.EmbeddedKafka;
import dev.athanor.schemas.Codec;
import dev.athanor.schemas.EntryPoint;
import dev.athanor.schemas.EnvironmentKind;
import dev.athanor.schemas.EnvironmentSpec;
import dev.athanor.schemas.FunctionSpec;
import dev.athanor.schemas.Invocation;
import dev.athanor.schemas.InvocationEnvelope;
import dev.athanor.schemas.JobEvent;
import dev.athanor.schemas.JobState;
import dev.athanor.schemas.Limits;
import dev.athanor.schemas.Payload;
import dev.athanor.schemas.PayloadCodec;
import dev.athanor.schemas.Topics;
import dev.athanor.schemas.cluster.ClusterSetup;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** A broker and a PostgreSQL, with what tests of timers look at in both. */
final class TimersCluster implements AutoCloseable {
    static final String TENANT = "default";
    static final String QUEUE = Topics.invocations("XS");

    private final EmbeddedKafka kafka;
    private final EmbeddedPostgres postgres;
    private final Database database;
    private final Producer<byte[], byte[]> producer;
    private final Admin admin;

    private TimersCluster(EmbeddedKafka kafka, EmbeddedPostgres postgres) {
        this.kafka = kafka;
        this.postgres = postgres;
        this.database = Database.open(url());
        this.producer =
                new KafkaProducer<>(
                        servers(), new ByteArraySerializer(), new ByteArraySerializer());
        this.admin = Admin.create(servers());
    }

    static TimersCluster start(Path folder) throws Exception {
        TimersCluster cluster =
                new TimersCluster(
                        EmbeddedKafka.start(folder.resolve("kafka"), 0), EmbeddedPostgres.start());
        new ClusterSetup(cluster.admin, Duration.ofSeconds(30))
                .apply(List.of(TENANT), List.of("XS"));
        return cluster;
    }

    private Map<String, Object> servers() {
        return Map.of("bootstrap.servers", kafka.bootstrapServers(), "acks", "all");
    }

    String bootstrapServers() {
        return kafka.bootstrapServers();
    }

    String url() {
        return postgres.getJdbcUrl("postgres", "postgres");
    }

    Database database() {
        return database;
    }

    Admin admin() {
        return admin;
    }

    WrittenJobs jobs(Ledger ledger) {
        return new WrittenJobs(database, ledger, admin);
    }

    Ledger ledger() {
        return Ledger.start(
                database,
                () -> consumer(Map.of("group.id", Ledger.GROUP)),
                tenant -> consumer(Map.of()),
                new DispatcherMetrics(new SimpleMeterRegistry()),
                System::nanoTime,
                InstantSource.system());
    }

    Producer<byte[], byte[]> transactional(String id) {
        Map<String, Object> settings = new HashMap<>(servers());
        settings.put("transactional.id", id);
        return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    }

    private KafkaConsumer<byte[], byte[]> consumer(Map<String, Object> more) {
        Map<String, Object> settings = new HashMap<>(servers());
        settings.put("auto.offset.reset", "earliest");
        settings.put("enable.auto.commit", false);
        settings.put("isolation.level", "read_committed");
        settings.putAll(more);
        return new KafkaConsumer<>(
                settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /** A new id of a job. */
    static String id(long number) {
        return new UUID((Instant.now().toEpochMilli() << 16) | 0x7000, Long.MIN_VALUE | number)
                .toString();
    }

    /** An invocation of a job on XS. */
    static InvocationEnvelope envelope(String id, int attempt) {
        FunctionSpec function =
                FunctionSpec.newBuilder()
                        .setName("Text.shout")
                        .setEntryPoint(new EntryPoint("a.Text", "shout", "()V", 6))
                        .setEnvironment(
                                new EnvironmentSpec(
                                        EnvironmentKind.JVM,
                                        "",
                                        List.of(),
                                        List.of(),
                                        Map.of(),
                                        "",
                                        false))
                        .setBundles(List.of())
                        .setMachineType("XS")
                        .build();
        Invocation invocation =
                Invocation.newBuilder()
                        .setCorrelationId(id)
                        .setCreatedAt(Instant.now().toEpochMilli())
                        .setFunction(ByteBuffer.wrap(Codec.current().encode(function)))
                        .setArguments(new Payload(PayloadCodec.JSON, ByteBuffer.allocate(0), null))
                        .setReplyPartition(-1)
                        .setLimits(new Limits())
                        .setJob(true)
                        .build();
        return InvocationEnvelope.newBuilder()
                .setInvocation(ByteBuffer.wrap(Codec.current().encode(invocation)))
                .setTenant(TENANT)
                .setAttempt(attempt)
                .setRetries(attempt - 1)
                .build();
    }

    /** As an agent says that the first attempt failed. */
    static JobEvent retrying(String id, Duration delay) {
        return event(id, JobState.RETRYING, 1)
                .setNext(ByteBuffer.wrap(Codec.current().encode(envelope(id, 2))))
                .setDelayMillis(delay.toMillis())
                .build();
    }

    static JobEvent.Builder event(String id, JobState state, int attempt) {
        return JobEvent.newBuilder()
                .setCorrelationId(id)
                .setTenant(TENANT)
                .setFunction("Text.shout")
                .setMachineType("XS")
                .setAttempt(attempt)
                .setState(state)
                .setCreatedAt(Instant.now().toEpochMilli())
                .setAt(Instant.now().toEpochMilli())
                .setAgent("agent-1");
    }

    void send(JobEvent event) throws Exception {
        producer.send(
                        new ProducerRecord<>(
                                Topics.JOBS,
                                event.getCorrelationId().getBytes(StandardCharsets.UTF_8),
                                Codec.current().encode(event)))
                .get();
    }

    /** The ids and attempts in the queue, as agents see them. */
    List<String> queue() {
        List<String> found = new ArrayList<>();
        TopicPartition partition = new TopicPartition(QUEUE, 0);
        try (KafkaConsumer<byte[], byte[]> consumer = consumer(Map.of())) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).get(partition);
            while (consumer.position(partition) < end) {
                for (ConsumerRecord<byte[], byte[]> record :
                        consumer.poll(Duration.ofMillis(100))) {
                    InvocationEnvelope envelope =
                            Codec.current().decode(record.value(), InvocationEnvelope.class);
                    String id = new String(record.key(), StandardCharsets.UTF_8);
                    found.add(id + "/" + envelope.getAttempt());
                }
            }
        }
        return found;
    }

    /** The first column of what the database answers. */
    List<String> lines(String sql) {
        return database.transaction(connection -> {
            List<String> lines = new ArrayList<>();
            try (Statement statement = connection.createStatement();
                    ResultSet rows = statement.executeQuery(sql)) {
                while (rows.next()) {
                    lines.add(rows.getString(1));
                }
            }
            return lines;
        });
    }

    @Override
    public void close() throws IOException {
        admin.close();
        producer.close();
        database.close();
        postgres.close();
        kafka.close();
    }
}
