package dev.athanor.standalone;

import static dev.athanor.api.Athanor.cloud;
import static dev.athanor.api.Athanor.host;
import static dev.athanor.api.Athanor.isolated;
import static dev.athanor.api.Athanor.keepAlive;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.athanor.agent.Agent;
import dev.athanor.agent.AgentConfig;
import dev.athanor.api.AthanorClient;
import dev.athanor.api.Batch;
import dev.athanor.api.BatchProgress;
import dev.athanor.api.BatchResult;
import dev.athanor.api.FunctionFailedException;
import dev.athanor.api.IsolatedFunction1;
import dev.athanor.api.IsolatedFunction2;
import dev.athanor.api.NoSuchJobException;
import dev.athanor.embedded.EmbeddedKafka;
import dev.athanor.embedded.EmbeddedPostgres;
import dev.athanor.schemas.Codec;
import dev.athanor.schemas.JobEvent;
import dev.athanor.schemas.JobState;
import dev.athanor.schemas.Topics;
import dev.athanor.standalone.command.AthanorCommand;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.Serializable;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Batches of Java callers on real parts; the dispatcher is a process, which can be killed. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class BatchesIT {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int MANY = 10_000;

    @TempDir private static Path folder;
    private static EmbeddedKafka kafka;
    private static EmbeddedPostgres postgres;
    private static Agent agent;
    private static AthanorClient client;
    private static URI http;
    private static Process dispatcher;

    @BeforeAll
    static void start() throws Exception {
        kafka = EmbeddedKafka.start(folder.resolve("kafka"), 0);
        postgres = EmbeddedPostgres.start(folder.resolve("postgres"));
        http = freeAddress();
        dispatcher = dispatcher("first");
        agent =
                Agent.start(
                        AgentConfig.of(
                                "own",
                                kafka.bootstrapServers(),
                                Map.of("XS", 4),
                                folder.resolve("own")),
                        new SimpleMeterRegistry(),
                        InstantSource.system());
        client =
                AthanorClient.builder()
                        .bootstrapServers(kafka.bootstrapServers())
                        .dispatcher(http)
                        .build();
    }

    private static URI freeAddress() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return URI.create("http://127.0.0.1:" + socket.getLocalPort());
        }
    }

    /** A dispatcher with a small heap, once it answers. */
    private static Process dispatcher(String name) throws IOException {
        Process process =
                new ProcessBuilder(
                                System.getProperty("java.home") + "/bin/java",
                                "-Xmx96m",
                                "-cp",
                                System.getProperty("java.class.path"),
                                AthanorCommand.class.getName(),
                                "dispatcher",
                                "--bootstrap-servers",
                                kafka.bootstrapServers(),
                                "--database-url",
                                postgres.url(),
                                "--http-host",
                                http.getHost(),
                                "--http-port",
                                Integer.toString(http.getPort()),
                                "--data-dir",
                                folder.resolve(name).toString())
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        await().atMost(PATIENCE).ignoreExceptions().until(BatchesIT::isReady);
        return process;
    }

    private static boolean isReady() throws Exception {
        try (HttpClient asking = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(http.resolve("/ready")).build();
            return asking.send(request, BodyHandlers.discarding()).statusCode() == 200;
        }
    }

    @AfterAll
    static void stop() throws Exception {
        client.close();
        agent.close();
        dispatcher.destroyForcibly().waitFor();
        postgres.close();
        kafka.close();
    }

    @Test
    void tenThousandInputsComeBackOnceAlthoughTheDispatcherIsKilled() throws Exception {
        Process caller = BatchCaller.start(kafka.bootstrapServers(), http, MANY);
        try {
            String id = BatchCaller.line(caller.getInputStream());
            Batch<Object> batch = client.batch(id);
            await().atMost(PATIENCE).until(() -> batch.progress().done() > MANY / 10);
            assertThat(batch.progress().done()).isLessThan(MANY);

            dispatcher.destroyForcibly().waitFor();
            dispatcher = dispatcher("second");

            assertThat(BatchCaller.line(caller.getInputStream())).isEqualTo(Integer.toString(MANY));
            assertThat(batch.progress()).isEqualTo(new BatchProgress(MANY, 0, 0, MANY, 0, 0));
            assertThat(timesQueued(id))
                    .hasSize(MANY)
                    .allSatisfy((member, times) -> assertThat(times).as(member).isEqualTo(1));
        } finally {
            caller.destroyForcibly().waitFor();
        }
    }

    /** How often each member of a batch was put into the queue by a dispatcher. */
    private static Map<String, Integer> timesQueued(String batch) {
        Map<String, Integer> times = new HashMap<>();
        try (KafkaConsumer<byte[], byte[]> events =
                new KafkaConsumer<>(
                        Map.of(
                                "bootstrap.servers",
                                kafka.bootstrapServers(),
                                "isolation.level",
                                "read_committed",
                                "auto.offset.reset",
                                "earliest"),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer())) {
            List<TopicPartition> partitions =
                    events.partitionsFor(Topics.JOBS).stream()
                            .map(each -> new TopicPartition(each.topic(), each.partition()))
                            .toList();
            events.assign(partitions);
            Map<TopicPartition, Long> ends = events.endOffsets(partitions);
            while (ends.entrySet().stream()
                    .anyMatch(end -> events.position(end.getKey()) < end.getValue())) {
                ConsumerRecords<byte[], byte[]> records = events.poll(Duration.ofSeconds(1));
                for (ConsumerRecord<byte[], byte[]> record : records) {
                    JobEvent event = Codec.current().decode(record.value(), JobEvent.class);
                    boolean isOfBatch = event.getCorrelationId().startsWith(batch.substring(0, 28));
                    if (isOfBatch
                            && event.getState() == JobState.QUEUED
                            && event.getTurn() == 0
                            && event.getAttempt() == 1) {
                        times.merge(event.getCorrelationId(), 1, Integer::sum);
                    }
                }
            }
        }
        return times;
    }

    @Test
    void whatFailsKeepsTheRestFromNothingAndRunsAgainAlone() {
        IsolatedFunction1<Integer, Integer> half = isolated(BatchesIT::half, host(cloud(client)));

        Batch<Integer> batch = half.mapJob(IntStream.range(0, 20).boxed());

        List<BatchResult<Integer>> results = half.batch(batch.id()).results().toList();
        assertThat(results)
                .extracting(BatchResult::index)
                .isEqualTo(IntStream.range(0, 20).boxed().toList());
        assertThat(results.get(6).get()).isEqualTo(3);
        assertThat(results.get(7).failure().orElseThrow())
                .isInstanceOf(FunctionFailedException.class)
                .cause()
                .hasMessage("7 is odd");
        assertThatThrownBy(results.get(7)::get).isInstanceOf(FunctionFailedException.class);
        assertThat(batch.failures())
                .extracting(BatchResult::index)
                .containsExactly(1, 3, 5, 7, 9, 11, 13, 15, 17, 19);
        assertThat(batch.progress()).isEqualTo(new BatchProgress(20, 0, 0, 10, 10, 0));

        assertThat(batch.rerunFailed().failed()).isLessThanOrEqualTo(10);

        assertThat(batch.resultsAsCompleted())
                .extracting(BatchResult::index)
                .containsExactlyInAnyOrderElementsOf(IntStream.range(0, 20).boxed().toList());
        assertThat(batch.progress()).isEqualTo(new BatchProgress(20, 0, 0, 10, 10, 0));
    }

    private static int half(int number) {
        if (number % 2 != 0) {
            throw new IllegalArgumentException(number + " is odd");
        }
        return number / 2;
    }

    @Test
    void aBatchDrownsNobodyAndIsCancelledAsAWhole() {
        IsolatedFunction1<Integer, Integer> slow =
                isolated(BatchesIT::slow, host(cloud(client)), keepAlive(60));
        Batch<Integer> batch = slow.mapJob(IntStream.range(0, 5_000).boxed().iterator());
        await().atMost(PATIENCE).until(() -> batch.progress().done() > 0);

        assertThat(slow.submitJob(-1).result()).isEqualTo(-1);
        assertThat(slow.call(-2)).isEqualTo(-2);
        assertThat(batch.progress().queued()).isGreaterThan(1_000);

        batch.cancel();

        await().atMost(PATIENCE).until(() -> batch.progress().isEnded());
        BatchProgress cancelled = batch.progress();
        assertThat(cancelled.done() + cancelled.failed() + cancelled.cancelled()).isEqualTo(5_000);
        assertThat(cancelled.cancelled()).isGreaterThan(1_000);
        try (Stream<BatchResult<Integer>> results = batch.results()) {
            assertThat(results.filter(result -> result.failure().isPresent()).count())
                    .isEqualTo(cancelled.cancelled() + cancelled.failed());
        }
    }

    private static int slow(int number) throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(50);
        return number;
    }

    @Test
    void inputsOfSeveralParametersAndNoneAtAllAreBatchesToo() {
        IsolatedFunction2<String, Object, String> join =
                isolated(BatchesIT::join, host(cloud(client)));

        Batch<String> batch = join.mapJob(List.of("a", "b"), List.of(1, new Own("x"), 3));

        assertThat(batch.results().map(BatchResult::get)).containsExactly("a1", "bown x");
        Batch<String> none = join.mapJob(List.of(), List.of());
        assertThat(none.results()).isEmpty();
        assertThat(none.progress().isEnded()).isTrue();
    }

    /** Of the caller's own classes, and so brings code along with an input. */
    record Own(String name) implements Serializable {
        @Override
        public String toString() {
            return "own " + name;
        }
    }

    private static String join(String one, Object other) {
        return one + other;
    }

    @Test
    void inputsThatCannotBeReadToTheirEndBeginNothing() {
        IsolatedFunction1<Integer, Integer> half = isolated(BatchesIT::half, host(cloud(client)));
        Iterator<Integer> broken =
                IntStream.range(0, 5_000)
                        .mapToObj(number -> 2 * number / (4_999 - number))
                        .iterator();

        assertThatThrownBy(() -> half.mapJob(broken)).isInstanceOf(ArithmeticException.class);

        assertThatThrownBy(() -> client.batch("01890000-0000-7000-8000-000000000000").progress())
                .isInstanceOf(NoSuchJobException.class);
    }
}
