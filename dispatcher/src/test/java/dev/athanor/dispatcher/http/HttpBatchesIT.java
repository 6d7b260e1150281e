package dev.athanor.dispatcher.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.athanor.schemas.Codec;
import dev.athanor.schemas.Invocation;
import dev.athanor.schemas.Outcome;
import dev.athanor.schemas.Payload;
import dev.athanor.schemas.PayloadCodec;
import dev.athanor.schemas.Reply;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
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
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.avro.specific.SpecificRecordBase;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Batches by HTTP, of which the test plays the agents: with none alive, four members are queued.
 */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class HttpBatchesIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration MOMENT = Duration.ofMillis(700);
    private static final AtomicLong IDS = new AtomicLong(System.nanoTime());

    @TempDir private static Path folder;
    private static JobsDoor door;
    private static DescribedHttp http;
    private PlayedAgent agent;

    @BeforeAll
    static void start() throws Exception {
        door = JobsDoor.open(folder);
        http = door.http();
    }

    @AfterAll
    static void stop() {
        door.close();
    }

    @BeforeEach
    void join() {
        agent = new PlayedAgent(door);
    }

    @AfterEach
    void leave() {
        agent.close();
    }

    @Test
    void aFewMembersStandInTheQueueAndOthersFollowAsThoseEnd() throws Exception {
        String batch = begin("few", 10);
        JsonNode begun = http.json(path(batch));
        assertThat(begun.get("total").asInt()).isEqualTo(10);
        assertThat(counts(batch)).isEqualTo("10 0 0 0 0");

        List<Invocation> first = agent.await(4);

        assertThat(agent.look(MOMENT)).hasSize(4);
        assertThat(first)
                .extracting(call -> call.getBatch().getIndex())
                .containsExactly(0L, 1L, 2L, 3L);
        assertThat(first).extracting(HttpBatchesIT::text).containsExactly("0", "1", "2", "3");
        agent.succeed(first.get(1));
        agent.succeed(first.get(2));
        assertThat(agent.await(6)).hasSize(6);
        assertThat(indexes(results(batch, "index", ""))).isEmpty();
        assertThat(indexes(results(batch, "completion", ""))).containsExactly(1, 2);

        JsonNode page = results(batch, "completion", "");
        for (int done = 0; done < 10; done++) {
            if (done != 1 && done != 2) {
                agent.succeed(agent.await(done + 1).get(done));
            }
        }

        await().atMost(PATIENCE).until(() -> http.json(path(batch)).has("endedAt"));
        assertThat(counts(batch)).isEqualTo("0 0 10 0 0");
        assertThat(indexes(results(batch, "index", "")))
                .containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
        assertThat(all(batch, "completion", page.get("next").asText()))
                .containsExactlyInAnyOrder(0, 3, 4, 5, 6, 7, 8, 9);
        assertThat(all(batch, "index", "")).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
        assertThat(http.json("/v1/batches").get("batches").findValuesAsText("id")).contains(batch);
        assertThat(http.send(http.request(path(batch)).DELETE()).body())
                .contains("ALREADY_FINISHED");
    }

    /** All that there are, two at a time, with the waiting that a client does. */
    private static List<Integer> all(String batch, String order, String cursor) throws Exception {
        List<Integer> all = new ArrayList<>();
        String next = cursor;
        do {
            JsonNode page = results(batch, order, "&limit=2&wait=30" + from(next));
            all.addAll(indexes(page));
            next = page.path("next").asText();
        } while (!next.isEmpty());
        return all;
    }

    private static String from(String cursor) {
        return cursor.isEmpty() ? "" : "&cursor=" + cursor;
    }

    @Test
    void onlyThoseThatFailedRunAgain() throws Exception {
        String batch = begin("again", 4);
        List<Invocation> calls = agent.await(4);
        agent.succeed(calls.get(0));
        agent.fail(calls.get(1));
        agent.fail(calls.get(2));
        agent.succeed(calls.get(3));
        await().atMost(PATIENCE).until(() -> counts(batch).equals("0 0 2 2 0"));
        JsonNode failed = results(batch, "index", "&failed=true");
        assertThat(indexes(failed)).containsExactly(1, 2);
        assertThat(failed.at("/results/0/failure/message").asText()).isEqualTo("no joke");

        HttpResponse<String> answer = rerun(batch);

        assertThat(answer.statusCode()).isEqualTo(202);
        assertThat(new JsonMapper().readTree(answer.body()).at("/counts/failed").asInt()).isZero();
        List<Invocation> all = agent.await(6);
        assertThat(all.subList(4, 6)).extracting(HttpBatchesIT::text).containsExactly("1", "2");
        assertThat(all).extracting(Invocation::getCorrelationId).doesNotHaveDuplicates();
        assertThat(indexes(results(batch, "index", ""))).containsExactly(0);
        agent.succeed(all.get(4));
        agent.fail(all.get(5));
        await().atMost(PATIENCE).until(() -> counts(batch).equals("0 0 3 1 0"));
        await().atMost(PATIENCE).until(() -> http.json(path(batch)).has("endedAt"));
        assertThat(indexes(results(batch, "index", ""))).containsExactly(0, 1, 2, 3);
        assertThat(rerun(batch).statusCode()).isEqualTo(202);
        agent.succeed(agent.await(7).get(6));
        await().atMost(PATIENCE).until(() -> counts(batch).equals("0 0 4 0 0"));
        await().atMost(PATIENCE).until(() -> http.json(path(batch)).has("endedAt"));
        assertThat(rerun(batch).statusCode()).isEqualTo(202);
        assertThat(agent.look(MOMENT)).hasSize(7);
        assertThat(http.json(path(batch)).get("run").asInt()).isEqualTo(2);
    }

    @Test
    void whatIsCancelledIsNotQueuedAnyMore() throws Exception {
        String batch = begin("cancelled", 8);
        List<Invocation> calls = agent.await(4);
        agent.succeed(calls.get(0));
        calls = agent.await(5);

        HttpResponse<String> requested = http.send(http.request(path(batch)).DELETE());

        assertThat(requested.statusCode()).isEqualTo(202);
        for (Invocation call : calls.subList(1, 5)) {
            agent.stop(call);
        }
        await().atMost(PATIENCE).until(() -> http.json(path(batch)).has("endedAt"));
        assertThat(counts(batch)).isEqualTo("0 0 1 0 7");
        assertThat(agent.look(MOMENT)).hasSize(5);
        JsonNode results = results(batch, "index", "");
        assertThat(indexes(results)).containsExactly(0, 1, 2, 3, 4, 5, 6, 7);
        assertThat(results.at("/results/7/outcome").asText()).isEqualTo("CANCELLED");
        assertThat(all(batch, "completion", "")).hasSize(8).doesNotHaveDuplicates();
        assertThat(rerun(batch).statusCode()).isEqualTo(409);
        assertThat(http.send(http.request(path(batch)).DELETE()).body()).contains("\"CANCELLED\"");
    }

    @Test
    void anUploadThatBreaksBeginsNothingAndCanBeSentAgain() throws Exception {
        String id = newId();
        byte[] part = new byte[] {0, 0, 0, 9, 1};
        byte[] body = framed(id, "broken", 2_500);
        URI uri = door.dispatcher().http().orElseThrow();
        try (Socket client = new Socket(uri.getHost(), uri.getPort())) {
            client.getOutputStream()
                    .write(
                            "POST /v1/batches HTTP/1.1\r\nHost: localhost\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n"
                                    .formatted(BatchesResource.FRAMED, body.length + part.length)
                                    .getBytes(StandardCharsets.US_ASCII));
            client.getOutputStream().write(body);
            client.getOutputStream().write(part);
        }
        assertThat(http.get(path(id)).statusCode()).isEqualTo(404);
        assertThat(agent.look(MOMENT)).isEmpty();

        await().atMost(PATIENCE)
                .until(() ->
                        post(BatchesResource.FRAMED, framed(id, "broken", 1)).statusCode() == 202);

        assertThat(agent.await(1)).hasSize(1);
        assertThat(http.json(path(id)).get("total").asInt()).isEqualTo(1);
        assertThat(post(BatchesResource.FRAMED, framed(id, "broken", 1)).statusCode())
                .isEqualTo(409);
        agent.succeed(agent.await(1).get(0));
    }

    @Test
    void clientsWithoutAvroSendLinesAndReadJson() throws Exception {
        String id = newId();
        String header =
                "{\"id\": \"%s\", \"function\": {\"name\": \"f\", \"version\": \"3.12\", \"machineType\": \"XS\"}}\n"
                        .formatted(id);
        String lines = "\n{\"pickle\": \"MA==\"}\r\n\n{\"pickle\": \"MQ==\"}";

        assertThat(post(BatchesResource.LINES, utf8(header + lines)).body())
                .contains("\"total\":2");

        List<Invocation> calls = agent.await(2);
        assertThat(calls).extracting(HttpBatchesIT::text).containsExactly("0", "1");
        for (Invocation call : calls) {
            agent.succeed(call);
        }
        JsonNode page = results(id, "index", "&wait=30&limit=1");
        assertThat(page.at("/results/0/result/content").asText())
                .isEqualTo(Base64.getEncoder().encodeToString(utf8("0")));
        assertThat(all(id, "index", "")).containsExactly(0, 1);
        HttpResponse<byte[]> replies = replies(id);
        assertThat(replies.headers().firstValue(BatchesResource.NEXT)).isEmpty();
        ByteBuffer bytes = ByteBuffer.wrap(replies.body());
        byte[] first = new byte[bytes.getInt()];
        bytes.get(first);
        assertThat(Codec.current().decode(first, Reply.class).getOutcome())
                .isEqualTo(Outcome.SUCCEEDED);
    }

    private static HttpResponse<byte[]> replies(String id) throws Exception {
        URI uri = door.dispatcher().http().orElseThrow().resolve(path(id) + "/results");
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                    HttpRequest.newBuilder(uri).header("Accept", BatchesResource.REPLIES).build(),
                    BodyHandlers.ofByteArray());
        }
    }

    @Test
    void whatIsNoBatchIsRefused() throws Exception {
        byte[] template = frame(template(newId(), "f", "XS"));
        assertThat(type(BatchesResource.FRAMED, new byte[0])).isEqualTo("bad-request");
        assertThat(type(BatchesResource.FRAMED, new byte[] {1, 2, 3})).isEqualTo("bad-request");
        assertThat(type(BatchesResource.FRAMED, new byte[] {127, 0, 0, 0, 1}))
                .isEqualTo("bad-request");
        assertThat(type(BatchesResource.FRAMED, frame(payload("0")))).isEqualTo("bad-request");
        assertThat(type(BatchesResource.FRAMED, join(template, new byte[] {0, 0, 0, 2, 1, 1})))
                .isEqualTo("bad-request");
        assertThat(type(BatchesResource.FRAMED, frame(template(UUID.randomUUID() + "", "f", "XS"))))
                .isEqualTo("bad-request");
        assertThat(type(BatchesResource.FRAMED, frame(template(newId(), "f", "HUGE"))))
                .isEqualTo("unknown-machine-type");
        assertThat(
                        type(
                                BatchesResource.FRAMED,
                                join(template, frame(template(newId(), "other", "XS")))))
                .isEqualTo("bad-request");
        assertThat(
                        type(
                                BatchesResource.FRAMED,
                                join(template, frame(payload("x".repeat(300_000))))))
                .isEqualTo("too-large");
        assertThat(type("text/plain", new byte[0])).isEqualTo("unsupported-media-type");
        assertThat(type(BatchesResource.LINES, utf8("{}"))).isEqualTo("bad-request");
        assertThat(type(BatchesResource.LINES, utf8("x".repeat(2 << 20)))).isEqualTo("too-large");
        String unknown = path(newId());
        for (String query :
                List.of(
                        "?order=x",
                        "?cursor=!",
                        "?cursor=_w",
                        "?limit=0",
                        "?wait=61",
                        "?failed=1")) {
            assertThat(http.get(unknown + "/results" + query).statusCode())
                    .as(query)
                    .isEqualTo(400);
        }
        assertThat(http.get(unknown).statusCode()).isEqualTo(404);
        assertThat(http.get(unknown + "/results").statusCode()).isEqualTo(404);
        assertThat(http.send(http.request(unknown).DELETE()).statusCode()).isEqualTo(404);
        assertThat(rerun(newId()).statusCode()).isEqualTo(404);
        assertThat(http.get("/v1/batches/x").statusCode()).isEqualTo(404);
        assertThat(http.json("/v1/batches?limit=1000").get("batches").findValuesAsText("function"))
                .doesNotContain("other");
    }

    @Test
    void aBatchOfNothingHasEnded() throws Exception {
        String batch = begin("nothing", 0);

        assertThat(http.json(path(batch)).get("ended").asBoolean()).isTrue();
        assertThat(results(batch, "index", "&wait=60").has("next")).isFalse();
    }

    private static String type(String contentType, byte[] body) throws Exception {
        HttpResponse<String> answer = post(contentType, body);
        assertThat(answer.statusCode()).as(answer.body()).isBetween(400, 499);
        return DescribedHttp.type(answer).replace("urn:athanor:problem:", "");
    }

    private static String begin(String function, int members) throws Exception {
        String id = newId();
        HttpResponse<String> answer = post(BatchesResource.FRAMED, framed(id, function, members));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
        return id;
    }

    private static byte[] framed(String id, String function, int members) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.writeBytes(frame(template(id, function, "XS")));
        for (int i = 0; i < members; i++) {
            body.writeBytes(new byte[Integer.BYTES]);
            body.writeBytes(frame(payload(Integer.toString(i))));
        }
        return body.toByteArray();
    }

    private static Invocation template(String id, String function, String machineType) {
        return Invocation.newBuilder(JobRequests.job(function, machineType).invocation())
                .setCorrelationId(id)
                .build();
    }

    private static Payload payload(String text) {
        return new Payload(PayloadCodec.JAVA, ByteBuffer.wrap(utf8(text)), null);
    }

    private static byte[] frame(SpecificRecordBase record) throws IOException {
        byte[] encoded = Codec.current().encode(record);
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(frame);
        out.writeInt(encoded.length);
        out.write(encoded);
        return frame.toByteArray();
    }

    private static byte[] join(byte[] one, byte[] other) {
        return ByteBuffer.allocate(one.length + other.length).put(one).put(other).array();
    }

    /** Of version 7, and ends in 32 zero bits. */
    private static String newId() {
        long time = System.currentTimeMillis() << 16 | 0x7000;
        return new UUID(time, Long.MIN_VALUE | (IDS.incrementAndGet() & 0x3FFF_FFFFL) << 32)
                .toString();
    }

    private static HttpResponse<String> post(String type, byte[] body) throws Exception {
        return http.send(
                http.request("/v1/batches")
                        .header("Content-Type", type)
                        .POST(BodyPublishers.ofByteArray(body)));
    }

    private static HttpResponse<String> rerun(String batch) throws Exception {
        return http.send(http.request(path(batch) + "/rerun").POST(BodyPublishers.noBody()));
    }

    private static JsonNode results(String batch, String order, String query) throws Exception {
        return http.json(path(batch) + "/results?order=" + order + query);
    }

    private static List<Integer> indexes(JsonNode page) {
        List<Integer> indexes = new ArrayList<>();
        page.get("results").forEach(each -> indexes.add(each.get("index").asInt()));
        return indexes;
    }

    /** Queued, running, done, failed and cancelled ones. */
    private static String counts(String batch) throws Exception {
        JsonNode counts = http.json(path(batch)).get("counts");
        return "%d %d %d %d %d"
                .formatted(
                        counts.get("queued").asInt(),
                        counts.get("running").asInt(),
                        counts.get("done").asInt(),
                        counts.get("failed").asInt(),
                        counts.get("cancelled").asInt());
    }

    private static String path(String batch) {
        return "/v1/batches/" + batch;
    }

    private static String text(Invocation call) {
        return StandardCharsets.UTF_8
                .decode(call.getArguments().getContent().duplicate())
                .toString();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
