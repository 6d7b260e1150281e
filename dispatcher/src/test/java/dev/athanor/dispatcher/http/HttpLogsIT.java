package dev.athanor.dispatcher.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.dispatcher.DispatcherConfig;
import dev.athanor.schemas.Codec;
import dev.athanor.schemas.LogLine;
import dev.athanor.schemas.LogLines;
import dev.athanor.schemas.LogSource;
import dev.athanor.schemas.LogStream;
import dev.athanor.schemas.Outcome;
import dev.athanor.schemas.PhaseTimes;
import dev.athanor.schemas.Reply;
import dev.athanor.schemas.Topics;
import dev.athanor.schemas.job.KnownJob;
import dev.athanor.schemas.job.LogKey;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Logs of jobs by HTTP, of which the test plays the agents. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class HttpLogsIT {
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
    void linesAreReadFromTheFirstAndAgainAfterTheLastThatWasRead() throws Exception {
        KnownJob job = accepted();
        print(TENANT, job, 0, "one", "two");
        print("another", job, 0, "of another tenant's job with the same id");
        print(TENANT, job, 2, "three");

        String all = http.get(path(job) + "?follow=false").body();

        assertThat(all).containsSubsequence("\"one\"", "\"two\"", "\"three\"", "event: end");
        assertThat(all).contains("\"firstIndex\":2", "\"ended\":false").doesNotContain("another");
        String first =
                Stream.of(all.split("\n", -1))
                        .filter(line -> line.startsWith("id: "))
                        .findFirst()
                        .orElseThrow()
                        .substring("id: ".length());
        String rest = http.get(path(job) + "?follow=false", "Last-Event-ID", first).body();
        assertThat(rest).contains("\"three\"").doesNotContain("\"one\"");
    }

    @Test
    void whoFollowsReadsUntilTheJobHasEnded() throws Exception {
        KnownJob job = accepted();
        CompletableFuture<String> followed =
                CompletableFuture.supplyAsync(() -> {
                    try {
                        return http.get(path(job)).body();
                    } catch (Exception e) {
                        throw new IllegalStateException(e);
                    }
                });
        print(TENANT, job, 0, "early");
        tell(Topics.JOBS, id(job), job.running("agent-1", System.currentTimeMillis()));
        print(TENANT, job, 1, "late");
        assertThat(followed).isNotDone();
        Reply end =
                Reply.newBuilder()
                        .setCorrelationId(job.invocation().getCorrelationId())
                        .setOutcome(Outcome.SUCCEEDED)
                        .setAgent("agent-1")
                        .setPhases(PhaseTimes.newBuilder().build())
                        .setLogLines(2)
                        .build();
        tell(Topics.JOBS, id(job), job.ended(end, System.currentTimeMillis()));

        assertThat(followed.get(60, TimeUnit.SECONDS))
                .containsSubsequence("\"early\"", "\"late\"", "event: end", "\"ended\":true");
        String result = "/v1/jobs/" + job.invocation().getCorrelationId() + "/result?wait=30";
        assertThat(http.json(result).get("logLines").asInt()).isEqualTo(2);
    }

    @Test
    void whatIsWrongIsRefused() throws Exception {
        KnownJob job = accepted();

        assertThat(http.get(path(JobRequests.job("none"))).statusCode()).isEqualTo(404);
        assertThat(http.get(path(job) + "?follow=maybe").statusCode()).isEqualTo(400);
        for (String position : List.of("x", "-1", "99999999999999999999")) {
            assertThat(http.get(path(job), "Last-Event-ID", position).statusCode())
                    .as(position)
                    .isEqualTo(400);
        }
    }

    private static KnownJob accepted() throws Exception {
        KnownJob job = JobRequests.job("print");
        HttpResponse<String> answer =
                http.send(
                        http.request("/v1/jobs")
                                .header("Content-Type", JobsResource.INVOCATION)
                                .POST(
                                        BodyPublishers.ofByteArray(
                                                Codec.current().encode(job.envelope()))));
        assertThat(answer.statusCode()).isEqualTo(202);
        return job;
    }

    private static String path(KnownJob job) {
        return "/v1/jobs/" + job.invocation().getCorrelationId() + "/logs";
    }

    private static byte[] id(KnownJob job) {
        return job.invocation().getCorrelationId().getBytes(StandardCharsets.UTF_8);
    }

    private static void print(String tenant, KnownJob job, long firstIndex, String... texts)
            throws Exception {
        List<LogLine> lines =
                Stream.of(texts)
                        .map(text -> new LogLine(LogSource.FUNCTION, LogStream.STDOUT, 1L, text))
                        .toList();
        String id = job.invocation().getCorrelationId();
        tell(Topics.LOGS, LogKey.of(tenant, id), new LogLines(id, 1, firstIndex, lines));
    }

    private static void tell(String topic, byte[] key, SpecificRecordBase record) throws Exception {
        producer.send(new ProducerRecord<>(topic, key, Codec.current().encode(record))).get();
    }
}
