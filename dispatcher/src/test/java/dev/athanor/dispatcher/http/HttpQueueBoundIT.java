package dev.athanor.dispatcher.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.athanor.schemas.Codec;
import dev.athanor.schemas.JobState;
import dev.athanor.schemas.Outcome;
import dev.athanor.schemas.PhaseTimes;
import dev.athanor.schemas.Reply;
import dev.athanor.schemas.Topics;
import dev.athanor.schemas.job.KnownJob;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** More jobs than may wait, at a dispatcher of which that is said. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class HttpQueueBoundIT {
    @Test
    void oneMoreThanMayWaitIsRefusedUntilOneHasStarted(@TempDir Path folder) throws Exception {
        try (JobsDoor door = JobsDoor.open(folder, 2)) {
            KnownJob first = JobRequests.job("first");
            assertThat(submit(door, first).statusCode()).isEqualTo(202);
            assertThat(submit(door, JobRequests.job("second")).statusCode()).isEqualTo(202);

            HttpResponse<String> refused = submit(door, JobRequests.job("third"));

            assertThat(refused.statusCode()).isEqualTo(429);
            assertThat(DescribedHttp.type(refused)).isEqualTo("urn:athanor:problem:queue-full");
            assertThat(refused.headers().firstValueAsLong("Retry-After").orElseThrow())
                    .isPositive();
            assertThat(refused.body()).contains("2 jobs of default", "XS");

            tell(door, first);

            await().atMost(Duration.ofSeconds(60))
                    .pollInterval(Duration.ofMillis(200))
                    .until(() -> submit(door, JobRequests.job("third")).statusCode() == 202);
            assertThat(submit(door, JobRequests.job("fourth")).statusCode()).isEqualTo(429);
            await().atMost(Duration.ofSeconds(60))
                    .untilAsserted(() ->
                            assertThat(door.http().json("/v1/jobs?state=queued").get("jobs"))
                                    .hasSize(2));
        }
    }

    private static HttpResponse<String> submit(JobsDoor door, KnownJob job) throws Exception {
        return door.http()
                .send(
                        door.http()
                                .request("/v1/jobs")
                                .header("Content-Type", JobsResource.INVOCATION)
                                .POST(
                                        BodyPublishers.ofByteArray(
                                                Codec.current().encode(job.envelope()))));
    }

    /** An agent has run it. */
    private static void tell(JobsDoor door, KnownJob job) throws Exception {
        String id = job.invocation().getCorrelationId();
        Reply reply =
                Reply.newBuilder()
                        .setCorrelationId(id)
                        .setOutcome(Outcome.SUCCEEDED)
                        .setAgent("agent-1")
                        .setPhases(new PhaseTimes())
                        .build();
        door.producer()
                .send(
                        new ProducerRecord<>(
                                Topics.JOBS,
                                id.getBytes(StandardCharsets.UTF_8),
                                Codec.current()
                                        .encode(job.ended(reply, System.currentTimeMillis()))))
                .get();
        assertThat(door.http().json("/v1/jobs/" + id).get("id").asText()).isEqualTo(id);
        await().atMost(Duration.ofSeconds(60))
                .until(() ->
                        door.http()
                                .json("/v1/jobs/" + id)
                                .get("state")
                                .asText()
                                .equals(JobState.SUCCEEDED.name()));
    }
}
