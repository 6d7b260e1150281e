package dev.athanor.dispatcher.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.athanor.dispatcher.DispatcherConfig;
import dev.athanor.schemas.Codec;
import dev.athanor.schemas.DeadLetter;
import dev.athanor.schemas.DeadLetterReason;
import dev.athanor.schemas.Invocation;
import dev.athanor.schemas.InvocationEnvelope;
import dev.athanor.schemas.Limits;
import dev.athanor.schemas.Topics;
import dev.athanor.schemas.cluster.GrouplessConsumer;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Dead letters by HTTP, of which the test plays the agents. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class HttpDeadLettersIT {
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
    void aCallThatWasGivenUpIsShownAndReplayedAsAnotherJob() throws Exception {
        Invocation invocation =
                Invocation.newBuilder(JobRequests.job("doomed").invocation())
                        .setReplyPartition(5)
                        .setJob(false)
                        .setParent("its-parent")
                        .setDepth(3)
                        .setCreatedAt(1_000)
                        .setLimits(
                                Limits.newBuilder()
                                        .setQueueDeadline(61_000)
                                        .setExecutionTimeoutMillis(5_000)
                                        .build())
                        .build();
        long id = giveUp(DeadLetterReason.ATTEMPTS_EXHAUSTED, envelope(invocation));

        JsonNode letter = http.json("/v1/dead-letters/" + id);
        assertThat(letter.at("/call/function").asText()).isEqualTo("doomed");
        assertThat(letter.at("/call/correlationId").asText())
                .isEqualTo(invocation.getCorrelationId());
        assertThat(letter.at("/call/job").asBoolean()).isFalse();
        assertThat(letter.get("message").asText()).isEqualTo("three agents were lost");
        assertThat(letter.at("/origin/offset").isMissingNode()).isTrue();

        HttpResponse<String> replayed = post("/v1/dead-letters/" + id + "/replay");

        assertThat(replayed.statusCode()).isEqualTo(202);
        String job = replayed.headers().firstValue("Location").orElseThrow();
        assertThat(http.json(job).get("state").asText()).isEqualTo("QUEUED");
        Invocation again = queued(job.substring("/v1/jobs/".length()));
        assertThat(again)
                .isEqualTo(
                        Invocation.newBuilder(invocation)
                                .setCorrelationId(again.getCorrelationId())
                                .setCreatedAt(again.getCreatedAt())
                                .setLimits(
                                        Limits.newBuilder()
                                                .setQueueDeadline(again.getCreatedAt() + 60_000)
                                                .setExecutionTimeoutMillis(5_000)
                                                .build())
                                .setReplyPartition(-1)
                                .setJob(true)
                                .setParent(null)
                                .setDepth(0)
                                .build());
        assertThat(again.getCreatedAt()).isGreaterThan(1_000);
        assertThat(again.getCorrelationId()).isNotEqualTo(invocation.getCorrelationId());
    }

    @Test
    void theNewestComeFirstPageByPage() throws Exception {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            Invocation invocation = JobRequests.job("paged").invocation();
            ids.addFirst(
                    Long.toString(
                            giveUp(DeadLetterReason.ATTEMPTS_EXHAUSTED, envelope(invocation))));
        }

        List<String> listed = new ArrayList<>();
        String path = "/v1/dead-letters?limit=2";
        while (listed.size() < ids.size()) {
            JsonNode page = http.json(path);
            assertThat(page.get("deadLetters")).hasSize(2);
            page.get("deadLetters").forEach(letter -> listed.add(letter.get("id").asText()));
            path = "/v1/dead-letters?limit=2&cursor=" + page.get("next").asText();
        }

        assertThat(listed).startsWith(ids.toArray(String[]::new));
    }

    @Test
    void bytesThatAreNoCallAreShownAndNotReplayed() throws Exception {
        byte[] rubbish = "rubbish \0\1".getBytes(UTF_8);
        long id = giveUp(DeadLetterReason.UNDECODABLE, rubbish);

        assertThat(http.json("/v1/dead-letters/" + id).has("call")).isFalse();
        assertThat(http.get("/v1/dead-letters/" + id + "/record").body())
                .isEqualTo(new String(rubbish, UTF_8));
        HttpResponse<String> answer = post("/v1/dead-letters/" + id + "/replay");
        assertThat(answer.statusCode()).isEqualTo(409);
        assertThat(answer.body()).contains("no call that could be replayed");
    }

    @Test
    void aLetterThatCannotBeReadItselfHidesNoOther() throws Exception {
        long before = giveUp(DeadLetterReason.UNDECODABLE, new byte[] {1});
        long broken = put(new byte[] {7});

        JsonNode page = http.json("/v1/dead-letters?cursor=%d&limit=2".formatted(broken + 1));

        assertThat(page.get("deadLetters").findValuesAsText("id"))
                .containsExactly(Long.toString(broken), Long.toString(before));
        assertThat(page.at("/deadLetters/0/message").asText()).contains("cannot be read");
    }

    @Test
    void whatIsWrongIsRefused() throws Exception {
        for (String id : List.of("x", "-1", "99999999999999999999", "123456789")) {
            assertThat(http.get("/v1/dead-letters/" + id).statusCode()).as(id).isEqualTo(404);
            assertThat(post("/v1/dead-letters/" + id + "/replay").statusCode()).isEqualTo(404);
        }
        for (String query : List.of("cursor=x", "limit=0", "limit=1001", "limit=many")) {
            assertThat(http.get("/v1/dead-letters?" + query).statusCode()).as(query).isEqualTo(400);
        }
        assertThat(http.json("/v1/dead-letters?tenant=another").get("deadLetters")).isEmpty();
    }

    private static HttpResponse<String> post(String path) throws Exception {
        return http.send(http.request(path).POST(BodyPublishers.noBody()));
    }

    private static byte[] envelope(Invocation invocation) {
        return Codec.current()
                .encode(
                        InvocationEnvelope.newBuilder()
                                .setInvocation(ByteBuffer.wrap(Codec.current().encode(invocation)))
                                .setTenant(DispatcherConfig.DEFAULT_TENANT)
                                .setAttempt(3)
                                .build());
    }

    private static long giveUp(DeadLetterReason reason, byte[] value) throws Exception {
        return put(
                Codec.current()
                        .encode(
                                new DeadLetter(
                                        reason,
                                        "three agents were lost",
                                        1_000L,
                                        "agent-1",
                                        Topics.invocations("XS"),
                                        -1,
                                        -1L,
                                        3,
                                        ByteBuffer.wrap(value),
                                        List.of())));
    }

    private static long put(byte[] value) throws Exception {
        return door.producer()
                .send(new ProducerRecord<>(Topics.DEAD_LETTERS, null, value))
                .get()
                .offset();
    }

    private static Invocation queued(String id) {
        TopicPartition queue = new TopicPartition(Topics.invocations("XS"), 0);
        try (GrouplessConsumer consumer =
                new GrouplessConsumer(
                        Map.of("bootstrap.servers", door.kafka().bootstrapServers()))) {
            consumer.assign(List.of(queue));
            consumer.seekToBeginning(List.of(queue));
            while (true) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofSeconds(1))) {
                    if (new String(record.key(), UTF_8).equals(id)) {
                        InvocationEnvelope envelope =
                                Codec.current().decode(record.value(), InvocationEnvelope.class);
                        return Codec.current().decode(envelope.getInvocation(), Invocation.class);
                    }
                }
            }
        }
    }
}
