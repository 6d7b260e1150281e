package dev.athanor.standalone;

import static dev.athanor.api.Athanor.cloud;
import static dev.athanor.api.Athanor.host;
import static dev.athanor.api.Athanor.isolated;
import static dev.athanor.api.Athanor.retries;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.athanor.api.AthanorClient;
import dev.athanor.api.CallContext;
import dev.athanor.api.CancelAnswer;
import dev.athanor.api.CancelledCallException;
import dev.athanor.api.Cron;
import dev.athanor.api.FunctionFailedException;
import dev.athanor.api.InvalidFunctionException;
import dev.athanor.api.IsolatedFunction1;
import dev.athanor.api.Job;
import dev.athanor.api.JobState;
import dev.athanor.api.NoSuchJobException;
import dev.athanor.api.RetryPolicy;
import dev.athanor.api.Schedule;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Functions that run again or later, from a caller's side. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class TimedJobsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final RetryPolicy SOON =
            RetryPolicy.attempts(3).firstDelay(Duration.ofMillis(100));

    @TempDir private static Path folder;
    private static Standalone standalone;
    private static AthanorClient client;

    @BeforeAll
    static void start() throws Exception {
        standalone =
                Standalone.start(
                        new StandaloneConfig(
                                folder.resolve("data"),
                                0,
                                0,
                                AgentSettings.of(Map.of("XS", 2)),
                                false,
                                Optional.of(new JobsConfig(0, Optional.empty()))));
        client =
                AthanorClient.builder()
                        .bootstrapServers(standalone.bootstrapServers())
                        .dispatcher(standalone.http().orElseThrow())
                        .build();
    }

    @AfterAll
    static void stop() {
        client.close();
        standalone.close();
    }

    @Test
    void aFunctionThatFailsRunsAgainAndKnowsWhichAttemptItIs() {
        IsolatedFunction1<String, String> third =
                isolated(TimedJobsIT::atTheThirdAttempt, host(cloud(client)), retries(SOON));

        Job<String> job = third.submitJob("gold");

        assertThat(job.result()).isEqualTo("gold at attempt 3");
        assertThat(job.status().attempt()).isEqualTo(3);
        assertThat(job.status().state()).isEqualTo(JobState.SUCCEEDED);
        assertThat(third.call("gold")).as("a call is made as a job").isEqualTo("gold at attempt 3");
    }

    private static String atTheThirdAttempt(String what) throws IOException {
        int attempt = CallContext.current().orElseThrow().attempt();
        if (attempt < 3) {
            throw new FileNotFoundException("not yet");
        }
        return what + " at attempt " + attempt;
    }

    @Test
    void theLastAttemptsFailureIsTheJobs() {
        Job<String> job =
                isolated(TimedJobsIT::atTheThirdAttempt, host(cloud(client)), retries(1))
                        .submitJob("gold");

        assertThatThrownBy(job::result)
                .isInstanceOf(FunctionFailedException.class)
                .hasCauseInstanceOf(FileNotFoundException.class);
        assertThat(job.status().attempt()).isEqualTo(2);
        assertThat(job.status().state()).isEqualTo(JobState.FAILED);
    }

    @Test
    void onlyWhatThePolicyNamesOrExtendsItRunsAgain() {
        IsolatedFunction1<String, String> third =
                isolated(TimedJobsIT::atTheThirdAttempt, host(cloud(client)));

        Job<String> named = third.on(retries(SOON.on(IOException.class))).submitJob("gold");
        Job<String> other =
                third.on(retries(SOON.on(IllegalStateException.class))).submitJob("gold");

        assertThat(named.result()).isEqualTo("gold at attempt 3");
        assertThatThrownBy(other::result).isInstanceOf(FunctionFailedException.class);
        assertThat(other.status().attempt()).isEqualTo(1);
    }

    @Test
    void aJobThatWaitsForItsNextAttemptIsCancelledForSure() {
        Job<String> job =
                isolated(
                                TimedJobsIT::atTheThirdAttempt,
                                host(cloud(client)),
                                retries(
                                        RetryPolicy.attempts(3)
                                                .firstDelay(Duration.ofHours(1))
                                                .maxDelay(Duration.ofHours(1))))
                        .submitJob("gold");
        await().atMost(PATIENCE).until(() -> job.status().state() == JobState.RETRYING);
        assertThat(job.status().message()).isEqualTo("not yet");

        assertThat(job.cancel()).isEqualTo(CancelAnswer.CANCELLED_WHILE_QUEUED);

        assertThat(job.status().state()).isEqualTo(JobState.CANCELLED);
        assertThatThrownBy(job::result).isInstanceOf(CancelledCallException.class);
    }

    @Test
    void aJobForLaterRunsAtItsTime() {
        IsolatedFunction1<String, String> greet = isolated(JobErrands::greet, host(cloud(client)));
        Instant begin = Instant.now();

        Job<String> job = greet.schedule(Duration.ofSeconds(2), "later");

        assertThat(job.status().state()).isIn(JobState.SCHEDULED, JobState.QUEUED);
        assertThat(job.result()).isEqualTo("Hello later");
        assertThat(job.status().startedAt().orElseThrow()).isAfter(begin.plusMillis(1_900));
        assertThat(greet.schedule(begin.plus(Duration.ofHours(1)), "much later").cancel())
                .isEqualTo(CancelAnswer.CANCELLED_WHILE_QUEUED);
    }

    @Test
    void aScheduleRunsWhateverBecomesOfWhoMadeIt() {
        IsolatedFunction1<String, String> greet = isolated(JobErrands::greet, host(cloud(client)));

        greet.schedule(Cron.named("each-minute", "* * * * *"), "World");

        Schedule schedule = client.schedule("each-minute");
        assertThat(schedule.status().function()).isEqualTo("JobErrands.greet");
        assertThat(schedule.status().nextAt()).isPresent();
        assertThat(greet.job(schedule.runNow()).result()).isEqualTo("Hello World");
        await().atMost(PATIENCE).until(() -> schedule.firings().size() >= 2);
        String last = schedule.firings().getFirst().job().orElseThrow();
        assertThat(greet.job(last).result()).isEqualTo("Hello World");
        schedule.pause();
        assertThat(schedule.status().nextAt()).isEmpty();
        schedule.resume();
        schedule.delete();
        assertThatThrownBy(schedule::status).isInstanceOf(NoSuchJobException.class);
    }

    @Test
    void aScheduleThatIsNoneIsRefused() {
        assertThatThrownBy(() ->
                        isolated(JobErrands::greet, host(cloud(client)))
                                .schedule(Cron.named("wrong", "often"), "World"))
                .isInstanceOf(InvalidFunctionException.class)
                .hasMessageContaining("often");
    }
}
