package dev.athanor.standalone;

import static dev.athanor.api.Athanor.cloud;
import static dev.athanor.api.Athanor.host;
import static dev.athanor.api.Athanor.idempotencyKey;
import static dev.athanor.api.Athanor.isolated;
import static dev.athanor.api.Athanor.keepResult;
import static dev.athanor.api.Athanor.machineType;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.athanor.api.AthanorClient;
import dev.athanor.api.CancelAnswer;
import dev.athanor.api.CancelledCallException;
import dev.athanor.api.FunctionFailedException;
import dev.athanor.api.InvalidFunctionException;
import dev.athanor.api.InvalidOptionException;
import dev.athanor.api.IsolatedFunction1;
import dev.athanor.api.Job;
import dev.athanor.api.JobState;
import dev.athanor.api.NoSuchJobException;
import dev.athanor.api.RefusedResultException;
import dev.athanor.api.UnavailableException;
import java.io.Serializable;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Jobs of Java callers, from submission to a result that another client reads. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class SubmittedJobsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    @TempDir private static Path folder;
    private static Standalone standalone;
    private static AthanorClient client;
    private static AthanorClient other;

    /** A result of a class of the function's own. */
    record Greeting(String text, List<Integer> numbers) implements Serializable {}

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
        client = client(standalone.http().orElseThrow());
        other = client(standalone.http().orElseThrow());
    }

    private static AthanorClient client(URI dispatcher) {
        return AthanorClient.builder()
                .bootstrapServers(standalone.bootstrapServers())
                .dispatcher(dispatcher)
                .build();
    }

    @AfterAll
    static void stop() {
        other.close();
        client.close();
        standalone.close();
    }

    @Test
    void aJobOutlivesItsCallerAndIsReadByItsIdElsewhere() throws Exception {
        Job<String> job;
        try (AthanorClient leaving = client(standalone.http().orElseThrow())) {
            job = isolated(SubmittedJobsIT::slowly, host(cloud(leaving))).submitJob("gold");
        }

        IsolatedFunction1<String, String> slowly =
                isolated(SubmittedJobsIT::slowly, host(cloud(other)));
        Job<String> again = slowly.job(job.id());
        assertThat(again.result(Duration.ofMillis(10))).isEmpty();
        CompletableFuture<String> async = again.resultAsync();
        await().atMost(PATIENCE).until(() -> again.status().state() == JobState.RUNNING);
        assertThat(again.status().function()).contains("slowly");
        assertThat(again.status().agent()).contains("standalone");

        assertThat(async.get(90, TimeUnit.SECONDS)).isEqualTo("slowly gold");
        assertThat(again.result()).isEqualTo("slowly gold");
        assertThat(again.result(Duration.ZERO)).contains("slowly gold");
        assertThat(again.status().state()).isEqualTo(JobState.SUCCEEDED);
        assertThat(again.status().resultExpiresAt()).isPresent();
        assertThat(other.job(job.id()).result()).isEqualTo("slowly gold");
    }

    private static String slowly(String what) throws InterruptedException {
        TimeUnit.SECONDS.sleep(4);
        return "slowly " + what;
    }

    @Test
    void aResultOfTheFunctionsOwnClassesIsReadByWhoKnowsThem() {
        IsolatedFunction1<String, Greeting> greet =
                isolated(SubmittedJobsIT::greet, host(cloud(client)));

        Job<Greeting> job = greet.submitJob("World");

        assertThat(job.result()).isEqualTo(new Greeting("Hello World", List.of(1, 2)));
        assertThat(greet.on(host(cloud(other))).job(job.id()).result().text())
                .isEqualTo("Hello World");
        assertThat(other.job(job.id(), Greeting.class.getName()).result())
                .isEqualTo(new Greeting("Hello World", List.of(1, 2)));
        assertThatThrownBy(() -> other.job(job.id()).result())
                .isInstanceOf(RefusedResultException.class)
                .hasMessageContaining(Greeting.class.getName());
    }

    private static Greeting greet(String name) {
        return new Greeting("Hello " + name, List.of(1, 2));
    }

    @Test
    void underAnIdempotencyKeyAJobIsSubmittedOnce() {
        IsolatedFunction1<String, Greeting> greet =
                isolated(SubmittedJobsIT::greet, host(cloud(client)), idempotencyKey("greeting-1"));

        Job<Greeting> first = greet.submitJob("Once");
        Job<Greeting> again = greet.on(host(cloud(other))).submitJob("Once");

        assertThat(again.id()).isEqualTo(first.id());
        assertThat(again.result().text()).isEqualTo("Hello Once");
        assertThatThrownBy(() -> greet.submitJob("Twice"))
                .isInstanceOf(InvalidFunctionException.class)
                .hasMessageContaining("greeting-1");
    }

    @Test
    void whatAFunctionThrowsIsTheCauseAsOfACall() {
        Job<String> job =
                isolated(SubmittedJobsIT::fail, host(cloud(client))).submitJob("no such joke");

        assertThatThrownBy(job::result)
                .isInstanceOf(FunctionFailedException.class)
                .cause()
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("no such joke");
        assertThat(job.resultAsync())
                .failsWithin(PATIENCE)
                .withThrowableOfType(ExecutionException.class)
                .withCauseInstanceOf(FunctionFailedException.class);
        assertThat(job.status().state()).isEqualTo(JobState.FAILED);
        assertThat(job.status().message()).contains("no such joke");
    }

    private static String fail(String message) {
        throw new IllegalStateException(message);
    }

    @Test
    void argumentsAndResultsMayBeLarge() {
        byte[] large = new byte[3_000_000];
        large[2_999_999] = 7;

        Job<byte[]> job = isolated(SubmittedJobsIT::same, host(cloud(client))).submitJob(large);

        assertThat(job.result()).isEqualTo(large);
    }

    private static byte[] same(byte[] bytes) {
        return bytes;
    }

    @Test
    void aResultIsKeptForAsLongAsTheFunctionSays() {
        Job<String> job =
                isolated(
                                SubmittedJobsIT::slowly,
                                host(cloud(client)),
                                keepResult(Duration.ofMillis(1)))
                        .submitJob("gone");

        await().atMost(PATIENCE).until(() -> job.status().state() == JobState.SUCCEEDED);

        assertThatThrownBy(job::result)
                .isInstanceOf(NoSuchJobException.class)
                .hasMessageContaining("kept no longer");
    }

    @Test
    void aJobIsCancelledWhileItRunsAndWhileItIsQueued() {
        IsolatedFunction1<String, String> hangs =
                isolated(SubmittedJobsIT::hang, host(cloud(client)));
        List<Job<String>> running = List.of(hangs.submitJob("1"), hangs.submitJob("2"));
        await().atMost(PATIENCE)
                .until(() ->
                        running.stream().allMatch(job -> job.status().state() == JobState.RUNNING));
        Job<String> queued = hangs.submitJob("3");

        assertThat(queued.cancel())
                .isIn(CancelAnswer.REQUESTED, CancelAnswer.CANCELLED_WHILE_QUEUED);
        assertThat(running.get(0).cancel()).isEqualTo(CancelAnswer.REQUESTED);
        assertThat(running.get(1).cancel()).isEqualTo(CancelAnswer.REQUESTED);

        for (Job<String> job : List.of(running.get(0), running.get(1), queued)) {
            assertThatThrownBy(job::result).isInstanceOf(CancelledCallException.class);
            assertThat(job.status().state()).isEqualTo(JobState.CANCELLED);
            assertThat(job.cancel()).isEqualTo(CancelAnswer.ALREADY_FINISHED);
        }
        assertThat(queued.status().startedAt()).as("it never ran").isEmpty();
        assertThat(other.job(UUID.randomUUID().toString()).cancel())
                .isEqualTo(CancelAnswer.NOT_FOUND);
    }

    private static String hang(String ignored) throws InterruptedException {
        TimeUnit.MINUTES.sleep(10);
        return "never";
    }

    @Test
    void whatIsNotThereIsSaidSo() {
        String none = UUID.randomUUID().toString();
        assertThatThrownBy(() -> other.job(none).status())
                .isInstanceOf(NoSuchJobException.class)
                .hasMessageContaining(none);
        assertThatThrownBy(() -> other.job(none).result()).isInstanceOf(NoSuchJobException.class);
        assertThatThrownBy(() -> other.job("../agents")).isInstanceOf(InvalidOptionException.class);
        assertThatThrownBy(() ->
                        isolated(SubmittedJobsIT::fail, host(cloud(client)), machineType("GIANT"))
                                .submitJob("x"))
                .isInstanceOf(InvalidOptionException.class)
                .hasMessageContaining("GIANT");
    }

    @Test
    void whereNoDispatcherAnswersTheMessageSaysWhereItWasLookedFor() {
        try (AthanorClient lost = client(URI.create("http://localhost:1"))) {
            assertThatThrownBy(
                            () -> isolated(SubmittedJobsIT::fail, host(cloud(lost))).submitJob("x"))
                    .isInstanceOf(UnavailableException.class)
                    .hasMessageContaining("http://localhost:1")
                    .hasMessageContaining("ATHANOR_DISPATCHER_URL");
        }
    }
}
