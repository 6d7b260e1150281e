package dev.athanor.dispatcher.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.athanor.dispatcher.Dispatcher;
import dev.athanor.dispatcher.DispatcherConfig;
import dev.athanor.dispatcher.database.Database;
import dev.athanor.embedded.EmbeddedKafka;
import dev.athanor.embedded.EmbeddedPostgres;
import dev.athanor.schemas.Codec;
import dev.athanor.schemas.FunctionSpec;
import dev.athanor.schemas.Invocation;
import dev.athanor.schemas.InvocationEnvelope;
import dev.athanor.schemas.Payload;
import dev.athanor.schemas.PayloadCodec;
import dev.athanor.schemas.Topics;
import dev.athanor.schemas.cluster.ClusterSetup;
import dev.athanor.schemas.job.KnownJob;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Jobs under idempotency keys, at two dispatchers. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class IdempotentJobsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String TENANT = DispatcherConfig.DEFAULT_TENANT;

    @TempDir private static Path folder;
    private static EmbeddedKafka kafka;
    private static EmbeddedPostgres postgres;
    private static Database database;
    private static List<Dispatcher> dispatchers;
    private static List<DescribedHttp> doors;

    @BeforeAll
    static void start() throws Exception {
        postgres = EmbeddedPostgres.start(folder.resolve("postgres"));
        kafka = EmbeddedKafka.start(folder.resolve("kafka"), 0);
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            new ClusterSetup(admin, PATIENCE).apply(List.of(TENANT), List.of("XS"));
        }
        database = Database.open(postgres.url());
        dispatchers = List.of(dispatcher("one"), dispatcher("two"));
        doors = new ArrayList<>();
        for (Dispatcher dispatcher : dispatchers) {
            doors.add(new DescribedHttp(dispatcher.http().orElseThrow()));
        }
        await().atMost(PATIENCE).until(() -> dispatchers.stream().allMatch(Dispatcher::isReady));
    }

    private static Dispatcher dispatcher(String name) throws InterruptedException {
        return Dispatcher.start(
                DispatcherConfig.of(name, kafka.bootstrapServers())
                        .withDatabase(postgres.url())
                        .withHttp(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)),
                new SimpleMeterRegistry(),
                InstantSource.system());
    }

    @AfterAll
    static void stop() {
        doors.forEach(DescribedHttp::close);
        dispatchers.forEach(Dispatcher::close);
        database.close();
        kafka.close();
        postgres.close();
    }

    @Test
    void manyAtOnceUnderOneKeyAreOneJob() throws Exception {
        Set<String> answered = new HashSet<>();
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<String>> ids = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                DescribedHttp door = doors.get(i % 2);
                ids.add(callers.submit(() -> insist(door, JobRequests.job("once"), "order-1")));
            }
            for (Future<String> id : ids) {
                answered.add(id.get());
            }
        }

        assertThat(answered).hasSize(1);
        assertThat(queued("once")).containsExactlyElementsOf(answered);
    }

    @Test
    void somethingElseUnderTheKeyIsRefusedAndNotQueued() throws Exception {
        KnownJob first = JobRequests.job("else");
        assertThat(submit(doors.get(0), first, "order-2").statusCode()).isEqualTo(202);
        Invocation other =
                Invocation.newBuilder(JobRequests.job("else").invocation())
                        .setArguments(
                                new Payload(
                                        PayloadCodec.JAVA, ByteBuffer.wrap(new byte[] {1}), null))
                        .build();

        HttpResponse<String> refused =
                submit(doors.get(1), JobRequests.known(other, "XS"), "order-2");

        assertThat(refused.statusCode()).isEqualTo(422);
        assertThat(DescribedHttp.type(refused))
                .isEqualTo("urn:athanor:problem:idempotency-key-reused");
        assertThat(queued("else")).containsExactly(id(first));
        KnownJob another = JobRequests.job("another");
        assertThat(id(submit(doors.get(1), another, "order-2"))).isEqualTo(id(another));
    }

    @Test
    void whereADispatcherDiedBeforeProducingTheNextRequestProducesThatJob() throws Exception {
        KnownJob placeholder = JobRequests.job("unsent");
        submit(doors.get(0), placeholder, "order-3");
        KnownJob unsent = JobRequests.job("unsent");
        rewind(placeholder, unsent);

        String answered = id(submit(doors.get(1), JobRequests.job("unsent"), "order-3"));

        assertThat(answered).isEqualTo(id(unsent));
        assertThat(queued("unsent")).containsExactly(id(placeholder), id(unsent));
        assertThat(doors.get(0).json("/v1/jobs/" + answered).get("state").asText())
                .isEqualTo("QUEUED");
    }

    @Test
    void whereADispatcherDiedAfterProducingNothingIsProducedAgain() throws Exception {
        KnownJob sent = JobRequests.job("sent");
        submit(doors.get(0), sent, "order-4");
        rewind(sent, sent);

        assertThat(id(submit(doors.get(1), JobRequests.job("sent"), "order-4")))
                .isEqualTo(id(sent));

        assertThat(queued("sent")).containsExactly(id(sent));
    }

    @Test
    void aKeyIsFreeAfterADay() throws Exception {
        KnownJob old = JobRequests.job("old");
        submit(doors.get(0), old, "order-5");
        change("UPDATE idempotency_keys SET created_at = created_at - 86400001 WHERE id = ?", old);

        KnownJob fresh = JobRequests.job("old");

        assertThat(id(submit(doors.get(0), fresh, "order-5"))).isEqualTo(id(fresh));
    }

    @Test
    void whatIsSentAsJsonIsOneJobUnderItsKeyToo() throws Exception {
        String first = newId();

        assertThat(id(submitJson(doors.get(0), first, "AA==", "order-6"))).isEqualTo(first);
        assertThat(id(submitJson(doors.get(1), newId(), "AA==", "order-6"))).isEqualTo(first);
        assertThat(submitJson(doors.get(1), newId(), "AQ==", "order-6").statusCode())
                .isEqualTo(422);
        assertThat(queued("json")).containsExactly(first);
    }

    @Test
    void whatIsSentAgainByItsIdIsTheSameJob() throws Exception {
        KnownJob job = JobRequests.job("again");
        KnownJob other = JobRequests.job("other");
        Invocation stolen =
                Invocation.newBuilder(other.invocation()).setCorrelationId(id(job)).build();

        for (int i = 0; i < 3; i++) {
            assertThat(id(submit(doors.get(0), job))).isEqualTo(id(job));
        }

        assertThat(queued("again")).containsExactly(id(job));
        assertThat(submit(doors.get(0), JobRequests.known(stolen, "XS")).statusCode())
                .isEqualTo(400);
        assertThat(queued("other")).isEmpty();
    }

    @Test
    void anIdOfSomeTimeAgoIsLookedForInTheLedger() throws Exception {
        Invocation fresh = JobRequests.job("old id").invocation();
        long minuteAgo = System.currentTimeMillis() - 60_000;
        UUID old =
                new UUID(
                        minuteAgo << 16 | 0x7000,
                        UUID.fromString(fresh.getCorrelationId()).getLeastSignificantBits());
        KnownJob job =
                JobRequests.known(
                        Invocation.newBuilder(fresh).setCorrelationId(old.toString()).build(),
                        "XS");

        assertThat(id(submit(doors.get(0), job))).isEqualTo(old.toString());
        assertThat(id(submit(doors.get(1), job))).isEqualTo(old.toString());

        assertThat(queued("old id")).containsExactly(old.toString());
    }

    private static String newId() {
        return id(JobRequests.job("id"));
    }

    private static HttpResponse<String> submitJson(
            DescribedHttp door, String id, String pickle, String key) throws Exception {
        String body =
                """
                {"id": "%s", "arguments": {"pickle": "%s"},
                 "function": {"name": "json", "version": "3.12", "machineType": "XS"}}
                """
                        .formatted(id, pickle);
        return door.send(
                door.request("/v1/jobs")
                        .header("Content-Type", "application/json")
                        .header("Idempotency-Key", key)
                        .POST(BodyPublishers.ofString(body)));
    }

    private static HttpResponse<String> submit(DescribedHttp door, KnownJob job) throws Exception {
        return door.send(
                door.request("/v1/jobs")
                        .header("Content-Type", JobsResource.INVOCATION)
                        .POST(BodyPublishers.ofByteArray(Codec.current().encode(job.envelope()))));
    }

    @Test
    void keysThatAreNoneAreRefused() throws Exception {
        for (String key : List.of("", "a b", "k".repeat(256))) {
            HttpResponse<String> refused = submit(doors.get(0), JobRequests.job("hostile"), key);

            assertThat(DescribedHttp.type(refused))
                    .as(key)
                    .isEqualTo("urn:athanor:problem:bad-request");
        }
        assertThat(queued("hostile")).isEmpty();
    }

    /** Leaves the key as a dispatcher does that dies before it says that its job is durable. */
    private static void rewind(KnownJob job, KnownJob toProduce) {
        byte[] envelope = Codec.current().encode(toProduce.envelope());
        change(
                "UPDATE idempotency_keys SET envelope = ?, id = ?, claimed_until = 0 WHERE id = ?",
                envelope,
                UUID.fromString(id(toProduce)),
                job);
    }

    private static void change(String sql, Object... values) {
        int changed =
                database.transaction(connection -> {
                    try (PreparedStatement statement = connection.prepareStatement(sql)) {
                        for (int i = 0; i < values.length; i++) {
                            statement.setObject(
                                    i + 1,
                                    values[i] instanceof KnownJob job
                                            ? UUID.fromString(id(job))
                                            : values[i]);
                        }
                        return statement.executeUpdate();
                    }
                });
        assertThat(changed).isEqualTo(1);
    }

    /** Asks again where the answer is to do so. */
    private static String insist(DescribedHttp door, KnownJob job, String key) {
        return id(
                await().atMost(PATIENCE)
                        .until(() -> submit(door, job, key), answer -> answer.statusCode() != 503));
    }

    private static HttpResponse<String> submit(DescribedHttp door, KnownJob job, String key)
            throws Exception {
        return door.send(
                door.request("/v1/jobs")
                        .header("Content-Type", JobsResource.INVOCATION)
                        .header("Idempotency-Key", key)
                        .POST(BodyPublishers.ofByteArray(Codec.current().encode(job.envelope()))));
    }

    private static String id(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
        try {
            return new JsonMapper().readTree(answer.body()).get("id").asText();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String id(KnownJob job) {
        return job.invocation().getCorrelationId();
    }

    /** The ids of a function's invocations in the queue, in any order of partitions. */
    private static List<String> queued(String function) {
        List<String> ids = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(
                        Map.of("bootstrap.servers", kafka.bootstrapServers()),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer())) {
            List<TopicPartition> partitions =
                    consumer.partitionsFor(Topics.invocations("XS")).stream()
                            .map(info -> new TopicPartition(info.topic(), info.partition()))
                            .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (ends.entrySet().stream()
                    .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                consumer.poll(Duration.ofMillis(100))
                        .forEach(found -> add(found.value(), function, ids));
            }
        }
        return ids.stream().sorted().toList();
    }

    private static void add(byte[] record, String function, List<String> ids) {
        var envelope = Codec.current().decode(record, InvocationEnvelope.class);
        Invocation invocation =
                Codec.current().decode(envelope.getInvocation().array(), Invocation.class);
        var spec = Codec.current().decode(invocation.getFunction().array(), FunctionSpec.class);
        if (spec.getName().equals(function)) {
            ids.add(invocation.getCorrelationId());
        }
    }
}
