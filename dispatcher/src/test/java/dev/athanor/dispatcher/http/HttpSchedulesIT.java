package dev.athanor.dispatcher.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.athanor.schemas.Codec;
import dev.athanor.schemas.job.KnownJob;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Schedules and jobs for later by HTTP, with every answer held against the description. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class HttpSchedulesIT {
    private static final Duration SOON = Duration.ofSeconds(60);

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
    void aScheduleIsMadeShownPausedRunAndDeleted() throws Exception {
        HttpResponse<String> made = put("name=nightly&cron=0+3+*+*+*&zone=Europe/Berlin");
        assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
        assertThat(put("name=nightly&cron=0+4+*+*+*&missed=skip").statusCode()).isEqualTo(200);

        JsonNode found = http.json("/v1/schedules/nightly");
        assertThat(found.path("cron").asText()).isEqualTo("0 4 * * *");
        assertThat(found.path("zone").asText()).isEqualTo("UTC");
        assertThat(found.path("missed").asText()).isEqualTo("SKIP");
        assertThat(Instant.parse(found.path("nextAt").asText())).isAfter(Instant.now());
        assertThat(http.json("/v1/schedules").at("/schedules/0/name").asText())
                .isEqualTo("nightly");

        assertThat(body(post("/v1/schedules/nightly/pause")).path("paused").asBoolean()).isTrue();
        HttpResponse<String> run = post("/v1/schedules/nightly/run");
        assertThat(run.statusCode()).isEqualTo(202);
        String job = body(run).path("id").asText();
        await().atMost(SOON).until(() -> state(job).equals("QUEUED"));
        assertThat(body(post("/v1/schedules/nightly/resume")).path("paused").asBoolean()).isFalse();

        JsonNode firings = http.json("/v1/schedules/nightly/firings?limit=5").path("firings");
        assertThat(firings).hasSize(1);
        assertThat(firings.get(0).path("job").asText()).isEqualTo(job);
        assertThat(http.send(http.request("/v1/schedules/nightly").DELETE()).statusCode())
                .isEqualTo(200);
        assertThat(http.get("/v1/schedules/nightly").statusCode()).isEqualTo(404);
        assertThat(state(job)).isEqualTo("QUEUED");
    }

    @Test
    void whatMakesNoScheduleIsRefused() throws Exception {
        assertThat(put("cron=*+*+*+*+*").statusCode()).isEqualTo(400);
        assertThat(put("name=a&cron=often").statusCode()).isEqualTo(400);
        assertThat(put("name=a%2Fb&cron=*+*+*+*+*").statusCode()).isEqualTo(400);
        assertThat(put("name=a&cron=*+*+*+*+*&zone=Mars").statusCode()).isEqualTo(400);
        assertThat(put("name=a&cron=*+*+*+*+*&missed=all").statusCode()).isEqualTo(400);
        assertThat(put("name=a&cron=*+*+*+*+*", JobRequests.job("shout", "HUGE")).statusCode())
                .isEqualTo(422);
        assertThat(post("/v1/schedules/missing/run").statusCode()).isEqualTo(404);
        assertThat(post("/v1/schedules/missing/pause").statusCode()).isEqualTo(404);
        assertThat(http.get("/v1/schedules/missing/firings").statusCode()).isEqualTo(404);
        assertThat(http.get("/v1/schedules/missing/firings?limit=0").statusCode()).isEqualTo(400);
        assertThat(http.json("/v1/schedules").path("schedules").findValuesAsText("name"))
                .doesNotContain("a");
    }

    @Test
    void aJobForLaterWaitsForItsTimeAndThenIsQueued() throws Exception {
        String job = submit("?delayMillis=2000", 202);

        await().atMost(SOON).until(() -> state(job).equals("QUEUED"));
    }

    @Test
    void aJobForLaterIsCancelledForSure() throws Exception {
        String at = Instant.now().plus(Duration.ofHours(5)).toString();
        String job = submit("?at=" + at, 202);
        assertThat(state(job)).isEqualTo("SCHEDULED");

        JsonNode answer = body(http.send(http.request("/v1/jobs/" + job).DELETE()));

        assertThat(answer.path("answer").asText()).isEqualTo("CANCELLED_WHILE_QUEUED");
        assertThat(state(job)).isEqualTo("CANCELLED");
    }

    @Test
    void aTimeThatIsNoneOrTooFarOffIsRefusedAndOneThatIsOverIsNow() throws Exception {
        submit("?at=tomorrow", 400);
        submit("?delayMillis=-1", 400);
        submit("?delayMillis=604800001", 400);
        submit("?at=" + Instant.now().plus(Duration.ofDays(8)), 400);
        String job = submit("?at=2001-01-01T00:00:00%2B02:00", 202);
        assertThat(state(job)).isEqualTo("QUEUED");
    }

    private static String submit(String query, int status) throws Exception {
        KnownJob job = JobRequests.job("shout");
        HttpResponse<String> answer =
                http.send(
                        http.request("/v1/jobs" + query)
                                .header("Content-Type", JobsResource.INVOCATION)
                                .POST(
                                        BodyPublishers.ofByteArray(
                                                Codec.current().encode(job.envelope()))));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        return job.invocation().getCorrelationId();
    }

    private static HttpResponse<String> put(String query) throws Exception {
        return put(query, JobRequests.job("shout"));
    }

    private static HttpResponse<String> put(String query, KnownJob job) throws Exception {
        return http.send(
                http.request("/v1/schedules?" + query)
                        .header("Content-Type", JobsResource.INVOCATION)
                        .POST(BodyPublishers.ofByteArray(Codec.current().encode(job.envelope()))));
    }

    private static HttpResponse<String> post(String path) throws Exception {
        return http.send(http.request(path).POST(BodyPublishers.noBody()));
    }

    private static String state(String job) throws Exception {
        return http.json("/v1/jobs/" + job).path("state").asText();
    }

    private static JsonNode body(HttpResponse<String> answer) throws Exception {
        return new JsonMapper().readTree(answer.body());
    }
}
