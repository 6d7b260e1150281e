package dev.athanor.agent;

import static dev.athanor.api.Athanor.M;
import static dev.athanor.api.Athanor.S;
import static dev.athanor.api.Athanor.XS;
import static dev.athanor.api.Athanor.cloud;
import static dev.athanor.api.Athanor.host;
import static dev.athanor.api.Athanor.isolated;
import static dev.athanor.api.Athanor.keepAlive;
import static dev.athanor.api.Athanor.machineType;
import static dev.athanor.api.Athanor.repositories;
import static dev.athanor.api.Athanor.requirements;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.athanor.agent.testing.Cluster;
import dev.athanor.agent.testing.HangingServer;
import dev.athanor.agent.testing.Jobs;
import dev.athanor.agent.testing.SlowJava;
import dev.athanor.api.AthanorClient;
import dev.athanor.api.Option;
import dev.athanor.schemas.Cancellation;
import dev.athanor.schemas.Codec;
import dev.athanor.schemas.SignedEnvelope;
import dev.athanor.schemas.Topics;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Calls that their callers give up, at every stage that a call can be in. */
class CancellationIT {
    @RegisterExtension static final Cluster CLUSTER = new Cluster();

    private static final Duration GRACE = Duration.ofMillis(300);

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

    @TempDir private Path folder;
    private AthanorClient client;
    private Option here;

    @BeforeEach
    void connect() {
        client = CLUSTER.client();
        here = host(cloud(client));
    }

    @AfterEach
    void close() {
        client.close();
    }

    @Test
    void whatIsQueuedNeverRuns() throws Exception {
        Path runs = folder.resolve("runs");
        Path goOn = folder.resolve("go-on");
        try (Agent agent = agent(Map.of(M, 1))) {
            double notedBefore = cancellations("noted");
            CompletableFuture<String> first = markAndWait(runs, goOn);
            await().until(() -> Files.exists(runs));
            CompletableFuture<String> second = markAndWait(runs, goOn);

            assertThat(second.cancel(false)).isTrue();
            await().until(() -> cancellations("noted") > notedBefore);
            Files.createFile(goOn);

            assertThat(first.join()).isEqualTo("ran");
            await().untilAsserted(() -> assertThat(ended("CANCELLED")).isEqualTo(1));
            assertThat(second).isCancelled();
            assertThat(Files.readAllLines(runs)).hasSize(1);
            assertThat(agent.isReady()).isTrue();
        }
    }

    @Test
    void whatWasCancelledBeforeAnAgentCameNeverRuns() throws Exception {
        Path runs = folder.resolve("runs");
        try (Agent agent = agent(Map.of(M, 1))) {
            assertThat(agent.isReady()).isTrue();
        }
        CompletableFuture<String> call = markAndWait(runs, folder.resolve("never"));
        assertThat(call.cancel(false)).isTrue();
        client.close();

        try (Agent agent = agent(Map.of(M, 1))) {
            await().untilAsserted(() -> assertThat(ended("CANCELLED")).isEqualTo(1));
            assertThat(runs).doesNotExist();
            assertThat(agent.isReady()).isTrue();
        }
    }

    @Test
    void whatRunsIsInterruptedAndItsSandboxStaysHot() throws Exception {
        Path file = folder.resolve("file");
        try (Agent agent = agent(Map.of(S, 1))) {
            Option[] options = {here, machineType(S), keepAlive(60)};
            CompletableFuture<String> call =
                    isolated(Jobs::writeIdAndWait, options).submit(file.toString());
            await().until(() ->
                    Files.exists(file)
                            && Files.size(file) > 0
                            && meters.find("athanor.calls.handed.over").counter() != null);
            long pid = Long.parseLong(Files.readString(file));

            assertThat(call.cancel(false)).isTrue();

            await().untilAsserted(() -> assertThat(ended("CANCELLED")).isEqualTo(1));
            assertThat(Files.readString(file)).isEqualTo(pid + " interrupted");
            assertThat(isolated(Jobs::processId, options).call()).isEqualTo(pid);
            assertThat(agent.isReady()).isTrue();
        }
    }

    @Test
    void whatDoesNotHeedTheInterruptLosesItsSandboxAndNobodyElseDoes() throws Exception {
        Path file = folder.resolve("file");
        Path runs = folder.resolve("runs");
        Path goOn = folder.resolve("go-on");
        try (Agent agent = agent(Map.of(S, 1, M, 1))) {
            CompletableFuture<String> bystander = markAndWait(runs, goOn);
            CompletableFuture<String> call =
                    isolated(Jobs::writeIdAndSpin, here, machineType(S)).submit(file.toString());
            await().until(() -> Files.exists(file) && Files.size(file) > 0 && Files.exists(runs));
            long pid = Long.parseLong(Files.readString(file));

            assertThat(call.cancel(false)).isTrue();

            await().untilAsserted(() -> assertThat(ProcessHandle.of(pid)).isEmpty());
            await().untilAsserted(() -> assertThat(ended("CANCELLED")).isEqualTo(1));
            assertThat(bystander).isNotDone();
            Files.createFile(goOn);
            assertThat(bystander.join()).isEqualTo("ran");
            assertThat(isolated(Jobs::hello, here, machineType(S)).call()).isEqualTo("Hello World");
            assertThat(agent.isReady()).isTrue();
        }
    }

    @Test
    void anEnvironmentThatIsBeingBuiltIsGivenUp() throws Exception {
        try (Agent agent = agent(Map.of(S, 1));
                HangingServer repository = new HangingServer()) {
            CompletableFuture<String> call =
                    isolated(
                                    Jobs::hello,
                                    here,
                                    machineType(S),
                                    requirements("dev.athanor:never-there:1.0"),
                                    repositories(repository.address()))
                            .submit();
            repository.awaitCaller();

            assertThat(call.cancel(false)).isTrue();

            await().untilAsserted(() -> assertThat(ended("CANCELLED")).isEqualTo(1));
            assertThat(isolated(Jobs::hello, here, machineType(S)).call()).isEqualTo("Hello World");
            assertThat(agent.isReady()).isTrue();
        }
    }

    @Test
    void aSandboxThatIsBeingStartedIsGivenUp() throws Exception {
        SlowJava java = SlowJava.in(folder);
        try (Agent agent =
                CLUSTER.agent(
                        "cancel",
                        Map.of(XS, 1),
                        folder.resolve("agent"),
                        meters,
                        config -> config.withJavaExecutable(java.executable()))) {
            CompletableFuture<String> call = isolated(Jobs::hello, here).submit();
            await().until(() -> Files.exists(java.started()));

            assertThat(call.cancel(false)).isTrue();

            await().untilAsserted(() -> assertThat(ended("CANCELLED")).isEqualTo(1));
            Files.createFile(java.goOn());
            assertThat(isolated(Jobs::hello, here).call()).isEqualTo("Hello World");
            assertThat(agent.isReady()).isTrue();
        }
    }

    @Test
    void cancellationsOfOthersAndGarbageHarmNothing() throws Exception {
        try (Agent agent = agent(Map.of(S, 1));
                KafkaProducer<byte[], byte[]> producer =
                        new KafkaProducer<>(
                                Map.of("bootstrap.servers", CLUSTER.bootstrapServers()),
                                new ByteArraySerializer(),
                                new ByteArraySerializer())) {
            double notedBefore = cancellations("noted");
            double droppedBefore = cancellations("dropped");
            for (byte[] value :
                    List.of(
                            "garbage".getBytes(StandardCharsets.UTF_8),
                            cancellation("x".repeat(100_000)),
                            cancellation(UUID.randomUUID().toString()))) {
                producer.send(new ProducerRecord<>(Topics.CANCELLATIONS, value)).get();
            }
            producer.send(new ProducerRecord<>(Topics.CANCELLATIONS, null)).get();

            await().untilAsserted(() ->
                    assertThat(cancellations("dropped") - droppedBefore).isEqualTo(3));
            assertThat(cancellations("noted") - notedBefore).isEqualTo(1);
            assertThat(isolated(Jobs::hello, here, machineType(S)).call()).isEqualTo("Hello World");
            assertThat(agent.isReady()).isTrue();
        }
    }

    private CompletableFuture<String> markAndWait(Path runs, Path goOn) {
        return isolated(Jobs::markAndWaitFor, here, machineType(M))
                .submit(runs.toString(), goOn.toString());
    }

    private static byte[] cancellation(String correlationId) {
        byte[] content = Codec.current().encode(new Cancellation(correlationId, 0L, ""));
        return Codec.current()
                .encode(SignedEnvelope.newBuilder().setContent(ByteBuffer.wrap(content)).build());
    }

    private Agent agent(Map<String, Integer> slots) throws InterruptedException {
        return CLUSTER.agent(
                "cancel",
                slots,
                folder.resolve("agent"),
                meters,
                config -> config.withLimits(config.limits().withGrace(GRACE)));
    }

    private double cancellations(String result) {
        return sum("athanor.cancellations", "result", result);
    }

    private double ended(String outcome) {
        return sum("athanor.calls", "outcome", outcome);
    }

    private double sum(String name, String tag, String value) {
        return meters.find(name).tags(tag, value).counters().stream()
                .mapToDouble(Counter::count)
                .sum();
    }
}
