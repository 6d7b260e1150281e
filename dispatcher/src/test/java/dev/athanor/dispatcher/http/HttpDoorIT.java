package dev.athanor.dispatcher.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.athanor.dispatcher.Dispatcher;
import dev.athanor.dispatcher.DispatcherConfig;
import dev.athanor.embedded.EmbeddedKafka;
import dev.athanor.schemas.AgentStatus;
import dev.athanor.schemas.Codec;
import dev.athanor.schemas.Digest;
import dev.athanor.schemas.GpuStatus;
import dev.athanor.schemas.HotSandbox;
import dev.athanor.schemas.MachineSize;
import dev.athanor.schemas.SlotStatus;
import dev.athanor.schemas.Topics;
import dev.athanor.schemas.cluster.ClusterSetup;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The door of a dispatcher on a real broker, with agents that the test plays. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class HttpDoorIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final MachineSize SIZE = new MachineSize(0.25, 256L << 20, 1, "T4");

    @TempDir private static Path folder;
    private static EmbeddedKafka kafka;
    private static KafkaProducer<byte[], byte[]> producer;
    private static Dispatcher dispatcher;
    private static DescribedHttp http;

    @BeforeAll
    static void start() throws Exception {
        kafka = EmbeddedKafka.start(folder.resolve("kafka"), 0);
        producer =
                new KafkaProducer<>(
                        Map.of("bootstrap.servers", kafka.bootstrapServers()),
                        new ByteArraySerializer(),
                        new ByteArraySerializer());
        dispatcher =
                Dispatcher.start(
                        DispatcherConfig.of("door", kafka.bootstrapServers())
                                .withPatience(Duration.ofMinutes(5))
                                .withHttp(loopback(0)),
                        new SimpleMeterRegistry(),
                        InstantSource.system());
        http = new DescribedHttp(dispatcher.http().orElseThrow());
    }

    @AfterAll
    static void stop() {
        http.close();
        dispatcher.close();
        producer.close();
        kafka.close();
    }

    private static InetSocketAddress loopback(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    @Test
    void whatIsAnsweredIsDescribedAndTheOtherWayRound() {
        TreeSet<String> answered =
                new TreeSet<>(List.of("GET /live", "GET /ready", "GET /v1/openapi.json"));
        services()
                .routes(HttpLimits.defaults())
                .forEach(route ->
                        answered.add(
                                route.method() + " " + route.path().replace("<name>", "{name}")));

        assertThat(http.operations()).isEqualTo(answered);
    }

    private static HttpServices services() {
        return new HttpServices(
                null,
                "",
                null,
                PATIENCE,
                null,
                null,
                null,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                () -> true);
    }

    @Test
    void readinessIsThatOfTheDispatcher() throws Exception {
        assertThat(http.get("/live").body()).isEqualTo("live\n");
        await().atMost(PATIENCE).until(() -> http.get("/ready").statusCode() == 200);
    }

    @Test
    void agentsAreAsTheyBeat() throws Exception {
        beat(
                agent("busy")
                        .setHot(List.of(new HotSandbox(new Digest(new byte[32]), "S", true, 5L)))
                        .setGpus(List.of(new GpuStatus("GPU-1", "T4", 16L << 30, true))));
        beat(agent("leaving").setDraining(true));

        await().atMost(PATIENCE)
                .untilAsserted(() ->
                        assertThat(states())
                                .containsEntry("busy", "live")
                                .containsEntry("leaving", "draining"));
        JsonNode busy = http.json("/v1/agents").get("agents").get(0);
        assertThat(busy.at("/slots/0/machineType").asText()).isEqualTo("S");
        assertThat(busy.at("/slots/0/free").asInt()).isEqualTo(1);
        assertThat(busy.at("/slots/0/size/cpus").asDouble()).isEqualTo(0.25);
        assertThat(busy.at("/hot/0/idle").asBoolean()).isTrue();
        assertThat(busy.at("/gpus/0/model").asText()).isEqualTo("T4");
    }

    private static Map<String, String> states() throws Exception {
        Map<String, String> states = new HashMap<>();
        http.json("/v1/agents")
                .get("agents")
                .forEach(
                        agent -> states.put(agent.get("id").asText(), agent.get("state").asText()));
        return states;
    }

    @Test
    void queuesSayWhoServesThemAndHowMuchWaits() throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            new ClusterSetup(admin, PATIENCE).apply(List.of("default"), List.of("L"));
        }
        for (int call = 0; call < 3; call++) {
            producer.send(new ProducerRecord<>(Topics.invocations("L"), new byte[] {1})).get();
        }
        beat(agent("server"));

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(queue("L").path("waiting").asInt()).isEqualTo(3));
        assertThat(queue("L").get("agents").asInt()).isZero();
        assertThat(queue("L").has("size")).isFalse();
        assertThat(queue("S").get("waiting").asInt()).isZero();
        assertThat(queue("S").get("slots").asInt()).isPositive();
        assertThat(queue("S").at("/size/gpuModel").asText()).isEqualTo("T4");
    }

    private static JsonNode queue(String machineType) throws Exception {
        for (JsonNode queue : http.json("/v1/queues").get("queues")) {
            if (queue.get("machineType").asText().equals(machineType)) {
                return queue;
            }
        }
        return MissingNode.getInstance();
    }

    @Test
    void whoHasTheAnswerIsToldSo() throws Exception {
        HttpResponse<String> first = http.get("/v1/openapi.json");
        assertThat(first.statusCode()).isEqualTo(200);
        HttpResponse<String> queues = http.get("/v1/queues");
        String tag = queues.headers().firstValue("ETag").orElseThrow();

        HttpResponse<String> again = http.get("/v1/queues", "If-None-Match", tag);
        assertThat(again.statusCode()).isIn(200, 304);
        assertThat(again.statusCode() == 304).isEqualTo(again.body().isEmpty());
        assertThat(http.get("/v1/queues", "If-None-Match", "\"another\"").statusCode())
                .isEqualTo(200);
    }

    @Test
    void errorsAreProblemsOfAStableType() throws Exception {
        assertThat(DescribedHttp.type(http.get("/v1/nothing")))
                .isEqualTo("urn:athanor:problem:not-found");
        assertThat(DescribedHttp.type(http.get("/v1/agents/../../etc/passwd")))
                .isEqualTo("urn:athanor:problem:not-found");
        assertThat(
                        DescribedHttp.type(
                                http.send(
                                        http.request("/v1/agents").POST(BodyPublishers.noBody()))))
                .isEqualTo("urn:athanor:problem:method-not-allowed");
    }

    @Test
    void whatIsNoHttpIsRefusedAsAProblemToo() throws Exception {
        assertThat(raw("GET /v1/%2e%2e/agents HTTP/1.1\r\nHost: localhost\r\n\r\n"))
                .contains(" 400 ", "urn:athanor:problem:bad-request");
        assertThat(
                        raw(
                                "GET / HTTP/1.1\r\nHost: localhost\r\nX: "
                                        + "x".repeat(40_000)
                                        + "\r\n\r\n"))
                .contains(" 431 ", "urn:athanor:problem:headers-too-large");
        assertThat(raw("NONSENSE\r\n\r\n")).contains(" 400 ");
        assertThat(raw("GET /live HTTP/1.1\r\n\r\n")).contains(" 400 ");
        assertThat(raw("GET /live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
                .contains(" 200 ", "live")
                .doesNotContain("Jetty", "Server:");
    }

    @Test
    void aPageOfAnotherSiteIsNotLetInByANameOfItsOwn() throws Exception {
        assertThat(
                        raw(
                                "GET /v1/agents HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"))
                .contains(" 421 ", "urn:athanor:problem:misdirected");
    }

    private static String raw(String request) throws IOException {
        int port = dispatcher.http().orElseThrow().getPort();
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(Math.toIntExact(PATIENCE.toMillis()));
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void aPortInUseIsSaidInOneLineAndNothingStaysOpen() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            DispatcherConfig config =
                    DispatcherConfig.of("second", kafka.bootstrapServers())
                            .withHttp(loopback(taken.getLocalPort()));

            assertThatThrownBy(() ->
                            Dispatcher.start(
                                    config, new SimpleMeterRegistry(), InstantSource.system()))
                    .isInstanceOf(HttpException.class)
                    .message()
                    .contains("in use", "--http-port", Integer.toString(taken.getLocalPort()))
                    .doesNotContain("\n");
        }
    }

    private static AgentStatus.Builder agent(String id) {
        return AgentStatus.newBuilder()
                .setAgent(id)
                .setEpoch(1)
                .setVersion("test")
                .setBeatAt(0)
                .setSlots(List.of(new SlotStatus("S", 2, 1, false, SIZE)))
                .setHot(List.of())
                .setGpus(List.of());
    }

    private static void beat(AgentStatus.Builder builder) throws Exception {
        AgentStatus agent = builder.build();
        producer.send(
                        new ProducerRecord<>(
                                Topics.AGENTS,
                                agent.getAgent().getBytes(StandardCharsets.UTF_8),
                                Codec.current().encode(agent)))
                .get();
    }
}
