package dev.athanor.dispatcher.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.athanor.dispatcher.Dispatcher;
import dev.athanor.dispatcher.DispatcherConfig;
import dev.athanor.schemas.BlobAddress;
import dev.athanor.schemas.Cancellation;
import dev.athanor.schemas.Codec;
import dev.athanor.schemas.Failure;
import dev.athanor.schemas.FailureCode;
import dev.athanor.schemas.Invocation;
import dev.athanor.schemas.JobEvent;
import dev.athanor.schemas.Outcome;
import dev.athanor.schemas.Payload;
import dev.athanor.schemas.PayloadCodec;
import dev.athanor.schemas.PhaseTimes;
import dev.athanor.schemas.Reply;
import dev.athanor.schemas.SignedEnvelope;
import dev.athanor.schemas.StackFrame;
import dev.athanor.schemas.ThrowableData;
import dev.athanor.schemas.Topics;
import dev.athanor.schemas.blob.BlobWriter;
import dev.athanor.schemas.blob.Blobs;
import dev.athanor.schemas.job.KnownJob;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
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
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Jobs by HTTP, of which the test plays the agents. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class HttpJobsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String TENANT = DispatcherConfig.DEFAULT_TENANT;

    @TempDir private static Path folder;
    private static JobsDoor door;
    private static KafkaProducer<byte[], byte[]> producer;
    private static DescribedHttp http;

    @BeforeAll
    static void start() throws Exception {
        door = JobsDoor.open(folder);
        producer = door.producer();
        http = door.http();
    }

    @AfterAll
    static void stop() {
        door.close();
    }

    @Test
    void anAcceptedJobIsFoundAtOnceAndItsResultIsWaitedFor() throws Exception {
        KnownJob job = JobRequests.job("greet");

        HttpResponse<String> accepted = submit(job);

        assertThat(accepted.statusCode()).isEqualTo(202);
        String path = accepted.headers().firstValue("Location").orElseThrow();
        assertThat(path).isEqualTo("/v1/jobs/" + id(job));
        JsonNode found = http.json(path);
        assertThat(found.get("state").asText()).isEqualTo("QUEUED");
        assertThat(found.get("function").asText()).isEqualTo("greet");
        assertThat(http.get(path + "/result").statusCode()).isEqualTo(202);
        String tag = http.get(path).headers().firstValue("ETag").orElseThrow();
        assertThat(http.get(path, "If-None-Match", tag).statusCode()).isEqualTo(304);

        tell(job, job.running("agent-1", System.currentTimeMillis()));
        CompletableFuture<HttpResponse<String>> waiting = waitFor(path + "/result?wait=60");
        end(job, succeeded(job, new Payload(PayloadCodec.JSON, utf8("{\"n\": [1]}"), null)));

        HttpResponse<String> ended = waiting.get(50, TimeUnit.SECONDS);
        assertThat(ended.statusCode()).isEqualTo(200);
        JsonNode result = new JsonMapper().readTree(ended.body());
        assertThat(result.at("/result/value/n/0").asInt()).isEqualTo(1);
        assertThat(result.at("/job/state").asText()).isEqualTo("SUCCEEDED");
        assertThat(result.at("/job/agent").asText()).isEqualTo("agent-1");
        assertThat(http.get(path + "/result/content").body()).isEqualTo("{\"n\": [1]}");
        assertThat(http.get(path, "If-None-Match", tag).statusCode()).isEqualTo(200);
    }

    @Test
    void whoReadsJavaGetsTheReplyItself() throws Exception {
        KnownJob job = accepted("greet");
        Reply reply = succeeded(job, new Payload(PayloadCodec.JAVA, utf8("bytes"), null));
        end(job, reply);

        HttpResponse<byte[]> answer =
                raw(
                        "/v1/jobs/" + id(job) + "/result?wait=30",
                        "Accept",
                        "application/vnd.athanor.reply");

        assertThat(answer.headers().firstValue("Content-Type"))
                .contains("application/vnd.athanor.reply");
        assertThat(Codec.current().decode(answer.body(), Reply.class)).isEqualTo(reply);
    }

    @Test
    void aFailureIsToldWithItsTrace() throws Exception {
        KnownJob job = accepted("fail");
        ThrowableData thrown =
                new ThrowableData(
                        "java.lang.IllegalStateException",
                        "no joke",
                        List.of(new StackFrame("a.B", "c", "B.java", 7)),
                        -1,
                        List.of());
        end(
                job,
                reply(job, Outcome.FAILED)
                        .setFailure(
                                new Failure(
                                        FailureCode.FUNCTION_THREW,
                                        "no joke",
                                        List.of(thrown),
                                        null,
                                        "",
                                        List.of()))
                        .build());

        JsonNode result = http.json("/v1/jobs/" + id(job) + "/result?wait=30");

        assertThat(result.at("/failure/code").asText()).isEqualTo("FUNCTION_THREW");
        assertThat(result.at("/failure/throwables/0/frames/0").asText())
                .isEqualTo("a.B.c(B.java:7)");
        assertThat(http.json("/v1/jobs/" + id(job)).get("message").asText()).isEqualTo("no joke");
        assertThat(http.get("/v1/jobs/" + id(job) + "/result/content").statusCode()).isEqualTo(404);
    }

    @Test
    void aLargeResultIsReadAsItsBytes() throws Exception {
        byte[] large = "0123456789".repeat(150_000).getBytes(StandardCharsets.US_ASCII);
        BlobAddress address =
                new BlobWriter(producer, Topics.blobs(TENANT), Blobs.DEFAULT_LIMIT).write(large);
        KnownJob job = accepted("large");
        String path = "/v1/jobs/" + id(job) + "/result";
        assertThat(http.get(path + "/content").statusCode()).isEqualTo(409);
        end(job, succeeded(job, new Payload(PayloadCodec.JSON, ByteBuffer.allocate(0), address)));

        JsonNode result = http.json(path + "?wait=30").get("result");

        assertThat(result.get("size").asInt()).isEqualTo(large.length);
        assertThat(result.has("value")).isFalse();
        assertThat(raw(path + "/content").body()).isEqualTo(large);
    }

    @Test
    void aCancellationHasFourAnswers() throws Exception {
        KnownJob running = accepted("stubborn");
        tell(running, running.running("agent-1", System.currentTimeMillis()));
        await().atMost(PATIENCE)
                .until(() -> http.json(path(running)).get("state").asText().equals("RUNNING"));
        KnownJob queued = accepted("queued");
        CompletableFuture<Void> agent = CompletableFuture.runAsync(() -> cancelAsAnAgent(queued));

        assertThat(cancel(queued)).isEqualTo("200 CANCELLED_WHILE_QUEUED");
        agent.get(30, TimeUnit.SECONDS);
        assertThat(cancel(queued)).isEqualTo("200 ALREADY_FINISHED");
        assertThat(cancel(running)).isEqualTo("202 REQUESTED");
        assertThat(type(delete(path(JobRequests.job("none"))))).isEqualTo("not-found");
    }

    /** Reads what agents are told, and does it. */
    private static void cancelAsAnAgent(KnownJob job) {
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(
                        Map.of("bootstrap.servers", door.kafka().bootstrapServers()),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer())) {
            TopicPartition partition = new TopicPartition(Topics.CANCELLATIONS, 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            await().atMost(PATIENCE)
                    .until(() -> {
                        for (ConsumerRecord<byte[], byte[]> record :
                                consumer.poll(Duration.ofMillis(100))) {
                            SignedEnvelope envelope =
                                    Codec.current().decode(record.value(), SignedEnvelope.class);
                            Cancellation cancellation =
                                    Codec.current()
                                            .decode(
                                                    envelope.getContent().array(),
                                                    Cancellation.class);
                            if (cancellation.getCorrelationId().equals(id(job))) {
                                assertThat(cancellation.getTenant()).isEqualTo(TENANT);
                                return true;
                            }
                        }
                        return false;
                    });
            Reply.Builder reply = reply(job, Outcome.CANCELLED);
            end(job, reply.setPhases(new PhaseTimes(1L, 0L, 0L, 0L)).build());
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static String cancel(KnownJob job) throws Exception {
        HttpResponse<String> answer = delete(path(job));
        return answer.statusCode()
                + " "
                + new JsonMapper().readTree(answer.body()).get("answer").asText();
    }

    private static HttpResponse<String> delete(String path) throws Exception {
        return http.send(http.request(path).DELETE());
    }

    private static String path(KnownJob job) {
        return "/v1/jobs/" + id(job);
    }

    @Test
    void aDispatcherThatClosesDoesNotWaitForThoseWhoWait() throws Exception {
        KnownJob job = accepted("waited-for");
        Dispatcher second =
                Dispatcher.start(
                        DispatcherConfig.of("second", door.kafka().bootstrapServers())
                                .withDatabase(door.postgres().url())
                                .withHttp(
                                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)),
                        new SimpleMeterRegistry(),
                        InstantSource.system());
        URI uri = second.http().orElseThrow().resolve(path(job) + "/result?wait=60");
        try (Socket client = new Socket(uri.getHost(), uri.getPort())) {
            client.setSoTimeout(1_000);
            client.getOutputStream()
                    .write(
                            "GET %s?%s HTTP/1.1\r\nHost: localhost\r\n\r\n"
                                    .formatted(uri.getPath(), uri.getQuery())
                                    .getBytes(StandardCharsets.US_ASCII));
            assertThatThrownBy(() -> client.getInputStream().read())
                    .as("it waits")
                    .isInstanceOf(SocketTimeoutException.class);
            long begin = System.nanoTime();

            second.close();

            assertThat(Duration.ofNanos(System.nanoTime() - begin))
                    .isLessThan(PATIENCE.dividedBy(2));
        }
    }

    @Test
    void listsGoOnWhereTheirCursorSays() throws Exception {
        List<String> ids =
                List.of(id(accepted("paged")), id(accepted("paged")), id(accepted("paged")));
        for (String id : ids) {
            http.json("/v1/jobs/" + id);
        }

        JsonNode first = http.json("/v1/jobs?function=paged&limit=2");
        JsonNode second =
                http.json("/v1/jobs?function=paged&limit=2&cursor=" + first.get("next").asText());

        assertThat(first.get("jobs").findValuesAsText("id"))
                .containsExactly(ids.get(2), ids.get(1));
        assertThat(second.get("jobs").findValuesAsText("id")).containsExactly(ids.get(0));
        assertThat(second.has("next")).isFalse();
        assertThat(http.json("/v1/jobs?function=paged&state=failed").get("jobs")).isEmpty();
    }

    @Test
    void whatIsWrongIsSaidByItsType() throws Exception {
        KnownJob job = JobRequests.job("greet");
        String none = "/v1/jobs/" + UUID.randomUUID();

        assertThat(type(http.get(none))).isEqualTo("not-found");
        assertThat(type(http.get(none + "/result?wait=1"))).isEqualTo("not-found");
        assertThat(type(http.get("/v1/jobs/nonsense"))).isEqualTo("not-found");
        for (String query :
                List.of(
                        "limit=0",
                        "limit=1001",
                        "limit=x",
                        "cursor=x",
                        "state=x",
                        "state=unknown")) {
            assertThat(type(http.get("/v1/jobs?" + query))).as(query).isEqualTo("bad-request");
        }
        for (String wait : List.of("61", "-1", "x", "99999999999")) {
            assertThat(type(http.get(none + "/result?wait=" + wait)))
                    .as(wait)
                    .isEqualTo("bad-request");
        }
        assertThat(type(post("text/plain", new byte[] {'{', '}'})))
                .isEqualTo("unsupported-media-type");
        String id = JobRequests.job("greet").invocation().getCorrelationId();
        String function = "{\"name\": \"f\", \"version\": \"3.12\", \"machineType\": \"XS\"}";
        for (String json :
                List.of(
                        "",
                        "[]",
                        "{}",
                        "{\"id\": \"%s\"}",
                        "{\"id\": \"%s\", \"function\": %s, \"arguments\": {}}",
                        "{\"id\": \"%s\", \"function\": %s, \"arguments\": {\"pickle\": \"no!\"}}",
                        "{\"id\": \"1\", \"function\": %2$s, \"arguments\": {\"pickle\": \"AA==\"}}",
                        "{\"id\": \"%s\", \"function\": %s, \"arguments\": {\"pickle\": \"AA==\"}, \"x\": 1}",
                        "{\"id\": \"%s\", \"function\": {}, \"arguments\": {\"pickle\": \"AA==\"}}")) {
            assertThat(type(post("application/json", utf8(json.formatted(id, function)).array())))
                    .as(json)
                    .isEqualTo("bad-request");
        }
        assertThat(type(post(JobsResource.INVOCATION, new byte[0]))).isEqualTo("bad-request");
        assertThat(type(post(JobsResource.INVOCATION, new byte[] {1, 2, 3})))
                .isEqualTo("bad-request");
        assertThat(type(post(JobsResource.INVOCATION, new byte[2 << 20]))).isEqualTo("too-large");
        assertThat(type(submit(JobRequests.job("greet", "HUGE"))))
                .isEqualTo("unknown-machine-type");
        Invocation call = Invocation.newBuilder(job.invocation()).setJob(false).build();
        assertThat(type(submit(JobRequests.known(call, "XS")))).isEqualTo("bad-request");
    }

    private static String type(HttpResponse<String> answer) throws IOException {
        assertThat(answer.statusCode()).isBetween(400, 499);
        return DescribedHttp.type(answer).replace("urn:athanor:problem:", "");
    }

    private static HttpResponse<String> submit(KnownJob job) throws Exception {
        return post(JobsResource.INVOCATION, Codec.current().encode(job.envelope()));
    }

    private static KnownJob accepted(String function) throws Exception {
        KnownJob job = JobRequests.job(function);
        assertThat(submit(job).statusCode()).isEqualTo(202);
        return job;
    }

    private static HttpResponse<String> post(String type, byte[] body) throws Exception {
        return http.send(
                http.request("/v1/jobs")
                        .header("Content-Type", type)
                        .POST(BodyPublishers.ofByteArray(body)));
    }

    private static CompletableFuture<HttpResponse<String>> waitFor(String path) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return http.get(path);
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private static HttpResponse<byte[]> raw(String path, String... headers) throws Exception {
        URI uri = door.dispatcher().http().orElseThrow().resolve(path);
        var request = HttpRequest.newBuilder(uri);
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                    (headers.length == 0 ? request : request.headers(headers)).build(),
                    BodyHandlers.ofByteArray());
        }
    }

    private static String id(KnownJob job) {
        return job.invocation().getCorrelationId();
    }

    private static Reply.Builder reply(KnownJob job, Outcome outcome) {
        return Reply.newBuilder()
                .setCorrelationId(id(job))
                .setOutcome(outcome)
                .setAgent("agent-1")
                .setPhases(new PhaseTimes(1_000L, 0L, 0L, 5_000L));
    }

    private static Reply succeeded(KnownJob job, Payload result) {
        return reply(job, Outcome.SUCCEEDED).setResult(result).build();
    }

    private static void end(KnownJob job, Reply reply) throws Exception {
        tell(job, job.ended(reply, System.currentTimeMillis()));
    }

    private static void tell(KnownJob job, JobEvent event) throws Exception {
        producer.send(
                        new ProducerRecord<>(
                                Topics.JOBS,
                                id(job).getBytes(StandardCharsets.UTF_8),
                                Codec.current().encode(event)))
                .get();
    }

    private static ByteBuffer utf8(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }
}
