package dev.athanor.dispatcher.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.athanor.dispatcher.Dispatcher;
import dev.athanor.dispatcher.DispatcherConfig;
import dev.athanor.schemas.BlobAddress;
import dev.athanor.schemas.Cancellation;
import dev.athanor.schemas.Codec;
import dev.athanor.schemas.Invocation;
import dev.athanor.schemas.InvocationEnvelope;
import dev.athanor.schemas.LogLine;
import dev.athanor.schemas.LogLines;
import dev.athanor.schemas.LogSource;
import dev.athanor.schemas.LogStream;
import dev.athanor.schemas.Outcome;
import dev.athanor.schemas.Payload;
import dev.athanor.schemas.PayloadCodec;
import dev.athanor.schemas.PhaseTimes;
import dev.athanor.schemas.Reply;
import dev.athanor.schemas.SignedEnvelope;
import dev.athanor.schemas.StreamCredit;
import dev.athanor.schemas.StreamItem;
import dev.athanor.schemas.Topics;
import dev.athanor.schemas.blob.BlobWriter;
import dev.athanor.schemas.blob.Blobs;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Plain calls by HTTP, of which the test plays the agents. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class HttpCallsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String TENANT = DispatcherConfig.DEFAULT_TENANT;

    @TempDir private static Path folder;
    private static JobsDoor door;
    private static DescribedHttp http;

    @BeforeAll
    static void start() throws Exception {
        door = JobsDoor.open(folder);
        http = door.http();
    }

    @AfterAll
    static void stop() {
        door.close();
    }

    @Test
    void aCallIsAnsweredWithWhatItPrintsAndHowItEnds() throws Exception {
        String id = JobRequests.newId();
        CompletableFuture<String> answer = call(id);
        Invocation invocation = taken(id);
        assertThat(invocation.getJob()).isFalse();
        assertThat(invocation.getArguments().getCodec()).isEqualTo(PayloadCodec.PICKLE);

        tell(invocation, lines(id, "one", "two"));
        tell(invocation, reply(id).setResult(inline("bytes")).setDroppedLogLines(7).build());
        tell(invocation, reply(id).setResult(inline("later")).build());

        assertThat(answer.get(50, TimeUnit.SECONDS))
                .containsSubsequence("event: lines", "\"one\"", "\"two\"", "event: end")
                .doesNotContain("later");
        JsonNode end = end(answer.join());
        assertThat(end.get("outcome").asText()).isEqualTo("SUCCEEDED");
        assertThat(end.at("/result/content").binaryValue()).isEqualTo(utf8("bytes"));
        assertThat(end.get("droppedLogLines").asInt()).isEqualTo(7);
        assertThat(http.get("/v1/jobs/" + id).statusCode()).isEqualTo(404);
    }

    @Test
    void repliesToOthersAreTheirs() throws Exception {
        String id = JobRequests.newId();
        CompletableFuture<String> answer = call(id);
        Invocation invocation = taken(id);

        tell(invocation, reply(JobRequests.newId()).setResult(inline("another's")).build());
        door.producer()
                .send(
                        new ProducerRecord<>(
                                Topics.replies(TENANT),
                                invocation.getReplyPartition(),
                                utf8(id),
                                utf8("?")))
                .get();
        tell(invocation, reply(id).setResult(inline("its own")).build());

        assertThat(end(answer.get(50, TimeUnit.SECONDS)).at("/result/content").binaryValue())
                .isEqualTo(utf8("its own"));
    }

    @Test
    void aCallWhoseClientLeavesIsCancelled() throws Exception {
        String id = JobRequests.newId();
        URI uri = door.dispatcher().http().orElseThrow();
        String body = body(id, "XS");
        String raw =
                """
                POST /v1/calls HTTP/1.1
                Host: localhost
                Content-Type: application/json
                Content-Length: %d

                %s\
                """
                        .formatted(body.length(), body);
        try (Socket client = new Socket(uri.getHost(), uri.getPort())) {
            client.setSoTimeout(Math.toIntExact(PATIENCE.toMillis()));
            client.getOutputStream().write(utf8(raw));
            taken(id);
            // The first of the comments that come while there is nothing to tell.
            assertThat(client.getInputStream().read()).isEqualTo('H');
        }

        assertThat(cancellation(id).getTenant()).isEqualTo(TENANT);
    }

    @Test
    void aCallIsCancelledByItsId() throws Exception {
        String id = JobRequests.newId();
        CompletableFuture<String> answer = call(id);
        Invocation invocation = taken(id);

        int status = http.send(http.request("/v1/calls/" + id).DELETE()).statusCode();

        assertThat(status).isEqualTo(202);
        assertThat(cancellation(id).getTenant()).isEqualTo(TENANT);
        assertThat(answer).isNotDone();
        tell(invocation, reply(id).setOutcome(Outcome.CANCELLED).build());
        assertThat(end(answer.get(50, TimeUnit.SECONDS)).get("outcome").asText())
                .isEqualTo("CANCELLED");
    }

    @Test
    void whatCannotBeCalledIsRefused() throws Exception {
        String id = JobRequests.newId();
        CompletableFuture<String> answer = call(id);
        Invocation invocation = taken(id);

        assertThat(post(body(id, "XS")).statusCode()).isEqualTo(409);
        tell(invocation, reply(id).build());
        answer.get(50, TimeUnit.SECONDS);
        assertThat(post(body(JobRequests.newId(), "NONE")).statusCode()).isEqualTo(422);
        assertThat(post(body("7", "XS")).statusCode()).isEqualTo(400);
        assertThat(post("{}").statusCode()).isEqualTo(400);
        assertThat(http.send(http.request("/v1/calls/7").DELETE()).statusCode()).isEqualTo(400);
    }

    @Test
    void aLargeResultIsReadFromWhereItLies() throws Exception {
        byte[] bytes = "0123456789".repeat(200_000).getBytes(StandardCharsets.UTF_8);
        BlobAddress blob =
                new BlobWriter(door.producer(), Topics.blobs(TENANT), Blobs.DEFAULT_LIMIT)
                        .write(bytes);
        String id = JobRequests.newId();
        CompletableFuture<String> answer = call(id);
        Invocation invocation = taken(id);
        Payload result = new Payload(PayloadCodec.PICKLE, ByteBuffer.allocate(0), blob);
        tell(invocation, reply(id).setResult(result).build());

        JsonNode place = end(answer.get(50, TimeUnit.SECONDS)).at("/result/blob");

        assertThat(http.get(path(place, place.get("digest").asText())).body())
                .isEqualTo(new String(bytes, StandardCharsets.UTF_8));
        String other = HexFormat.of().formatHex(new byte[32]);
        assertThat(http.get(path(place, other)).statusCode()).isEqualTo(410);
        assertThat(http.get("/v1/blobs/" + other + "?size=1").statusCode()).isEqualTo(400);
    }

    @Test
    void valuesComeWhileTheFunctionRunsAndAreAskedFor() throws Exception {
        String id = JobRequests.newId();
        String body = body(id, "XS").replaceFirst("\\{", "{\"streamWindow\": 2,");
        CompletableFuture<String> answer = call(body, 200);
        Invocation invocation = taken(id);
        assertThat(invocation.getStreamWindow()).isEqualTo(2);

        tell(invocation, new StreamItem(id, 1, 0L, inline("first"), "run-1"));
        String path = "/v1/calls/" + id + "/credit?run=run-1&upTo=";
        assertThat(granted(path + 3)).isEqualTo(202);
        StreamCredit credit =
                Codec.current().decode(signed(Topics.CREDITS, id), StreamCredit.class);
        assertThat(credit).isEqualTo(new StreamCredit(id, "run-1", 3L, TENANT));
        tell(invocation, reply(id).setStreamItems(1).build());

        String events = answer.get(50, TimeUnit.SECONDS);
        String value = events.substring(events.indexOf("data: ") + 6, events.indexOf("\n\n"));
        http.check("CallValue", value);
        assertThat(new JsonMapper().readTree(value).at("/value/content").binaryValue())
                .isEqualTo(utf8("first"));
        assertThat(end(events).get("values").asInt()).isEqualTo(1);
        assertThat(granted(path + "-1")).isEqualTo(400);
        assertThat(granted("/v1/calls/" + id + "/credit?upTo=1")).isEqualTo(400);
        assertThat(post(body.replace(": 2,", ": 257,")).statusCode()).isEqualTo(400);
    }

    private static int granted(String path) throws Exception {
        return http.send(http.request(path).POST(BodyPublishers.noBody())).statusCode();
    }

    @Test
    void aDispatcherThatKeepsNoJobsMakesCallsAndTellsWhenItEnds() throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            Dispatcher other =
                    Dispatcher.start(
                            DispatcherConfig.of("other", door.kafka().bootstrapServers())
                                    .withHttp(
                                            new InetSocketAddress(
                                                    InetAddress.getLoopbackAddress(), 0)),
                            new SimpleMeterRegistry(),
                            InstantSource.system());
            CompletableFuture<HttpResponse<String>> lost;
            try (other) {
                URI uri = other.http().orElseThrow();
                String id = JobRequests.newId();
                CompletableFuture<HttpResponse<String>> answer =
                        client.sendAsync(request(uri, id, "XS"), BodyHandlers.ofString());
                tell(taken(id), reply(id).setResult(inline("bytes")).build());
                assertThat(answer.get(50, TimeUnit.SECONDS).body()).contains("event: end");

                String second = JobRequests.newId();
                lost = client.sendAsync(request(uri, second, "XS"), BodyHandlers.ofString());
                taken(second);
            }
            assertThat(lost.get(50, TimeUnit.SECONDS).body())
                    .contains("event: lost", "the dispatcher was stopped");
        }
    }

    private static String path(JsonNode place, String digest) {
        return "/v1/blobs/%s?size=%s&partition=%s&firstOffset=%s&lastOffset=%s"
                .formatted(
                        digest,
                        place.get("size"),
                        place.get("partition"),
                        place.get("firstOffset"),
                        place.get("lastOffset"));
    }

    private static String body(String id, String machineType) {
        return """
        {"id": "%s", "function": {"name": "f", "version": "3.12", "machineType": "%s"},
         "arguments": {"pickle": "AAAA"}}
        """
                .formatted(id, machineType);
    }

    private static HttpRequest request(URI door, String id, String machineType) {
        return HttpRequest.newBuilder(door.resolve("/v1/calls"))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body(id, machineType)))
                .build();
    }

    private static HttpResponse<String> post(String body) throws Exception {
        return http.send(
                http.request("/v1/calls")
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(body)));
    }

    private static CompletableFuture<String> call(String id) {
        return call(body(id, "XS"), 200);
    }

    private static CompletableFuture<String> call(String body, int status) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                HttpResponse<String> answer = post(body);
                assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
                return answer.body();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private static JsonNode end(String events) throws Exception {
        String data = events.substring(events.lastIndexOf("data: ") + "data: ".length()).strip();
        http.check("CallEnd", data);
        return new JsonMapper().readTree(data);
    }

    private static Payload inline(String text) {
        return new Payload(PayloadCodec.PICKLE, ByteBuffer.wrap(utf8(text)), null);
    }

    private static Reply.Builder reply(String id) {
        return Reply.newBuilder()
                .setCorrelationId(id)
                .setOutcome(Outcome.SUCCEEDED)
                .setAgent("agent-1")
                .setPhases(PhaseTimes.newBuilder().build());
    }

    private static LogLines lines(String id, String... texts) {
        return new LogLines(
                id,
                1,
                0L,
                List.of(texts).stream()
                        .map(text -> new LogLine(LogSource.FUNCTION, LogStream.STDOUT, 1L, text))
                        .toList());
    }

    private static void tell(Invocation invocation, SpecificRecordBase record) throws Exception {
        door.producer()
                .send(
                        new ProducerRecord<>(
                                Topics.replies(TENANT),
                                invocation.getReplyPartition(),
                                utf8(invocation.getCorrelationId()),
                                Codec.current().encode(record)))
                .get();
    }

    /** As an agent takes it. */
    private static Invocation taken(String id) {
        InvocationEnvelope envelope =
                Codec.current()
                        .decode(found(Topics.invocations("XS"), id), InvocationEnvelope.class);
        return Codec.current().decode(envelope.getInvocation().array(), Invocation.class);
    }

    private static Cancellation cancellation(String id) {
        return Codec.current().decode(signed(Topics.CANCELLATIONS, id), Cancellation.class);
    }

    private static byte[] signed(String topic, String id) {
        return Codec.current().decode(found(topic, id), SignedEnvelope.class).getContent().array();
    }

    /** The first record of that key, once there is one. */
    private static byte[] found(String topic, String id) {
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(
                        Map.of("bootstrap.servers", door.kafka().bootstrapServers()),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer())) {
            TopicPartition partition = new TopicPartition(topic, 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            byte[][] value = new byte[1][];
            await().atMost(PATIENCE)
                    .until(() -> {
                        for (ConsumerRecord<byte[], byte[]> record :
                                consumer.poll(Duration.ofMillis(500))) {
                            if (new String(record.key(), StandardCharsets.UTF_8).equals(id)) {
                                value[0] = record.value();
                            }
                        }
                        return value[0] != null;
                    });
            return value[0];
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
