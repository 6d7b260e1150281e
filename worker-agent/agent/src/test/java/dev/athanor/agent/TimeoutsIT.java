package dev.athanor.agent;

import static dev.athanor.api.Athanor.M;
import static dev.athanor.api.Athanor.XS;
import static dev.athanor.api.Athanor.buildTimeout;
import static dev.athanor.api.Athanor.cloud;
import static dev.athanor.api.Athanor.host;
import static dev.athanor.api.Athanor.isolated;
import static dev.athanor.api.Athanor.keepAlive;
import static dev.athanor.api.Athanor.machineType;
import static dev.athanor.api.Athanor.queueTimeout;
import static dev.athanor.api.Athanor.repositories;
import static dev.athanor.api.Athanor.requirements;
import static dev.athanor.api.Athanor.startTimeout;
import static dev.athanor.api.Athanor.timeout;
import static dev.athanor.api.Athanor.waitAtMost;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.athanor.agent.testing.Cluster;
import dev.athanor.agent.testing.HangingServer;
import dev.athanor.agent.testing.Jobs;
import dev.athanor.agent.testing.SlowJava;
import dev.athanor.api.AthanorClient;
import dev.athanor.api.CallerWaitException;
import dev.athanor.api.IsolatedFunction;
import dev.athanor.api.IsolatedFunction1;
import dev.athanor.api.IsolatedFunction2;
import dev.athanor.api.Option;
import dev.athanor.api.TimedOutException;
import dev.athanor.api.TimedOutException.Phase;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.assertj.core.api.ThrowableAssertAlternative;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Each limit of a call means one thing, and says which one it was. */
class TimeoutsIT {
    @RegisterExtension static final Cluster CLUSTER = new Cluster();

    private static final Duration SHORT = Duration.ofSeconds(1);

    @TempDir private static Path agentFolder;
    private static Agent agent;
    private static AthanorClient client;
    private static Option here;

    @TempDir private Path folder;

    @BeforeAll
    static void start() throws InterruptedException {
        agent =
                CLUSTER.agent(
                        "timeouts",
                        Map.of(M, 1),
                        agentFolder,
                        new SimpleMeterRegistry(),
                        config ->
                                config.withLimits(
                                        config.limits().withGrace(Duration.ofMillis(300))));
        client = CLUSTER.client();
        here = host(cloud(client));
    }

    @AfterAll
    static void stop() {
        client.close();
        agent.close();
    }

    @Test
    void anExecutionThatHeedsTheInterruptKeepsItsSandbox() throws Exception {
        Path file = folder.resolve("file");
        IsolatedFunction1<String, String> wait =
                isolated(Jobs::writeIdAndWait, here, machineType(M), keepAlive(60), timeout(SHORT));

        assertThatTimedOut(Phase.EXECUTION, () -> wait.call(file.toString()))
                .withMessageContaining("execution timeout of PT1S")
                .withMessageContaining("timeout(");

        String written = Files.readString(file);
        assertThat(written).endsWith(" interrupted");
        assertThat(isolated(Jobs::processId, here, machineType(M)).call() + " interrupted")
                .isEqualTo(written);
    }

    @Test
    void anExecutionThatIgnoresTheInterruptLosesItsSandbox() throws Exception {
        Path file = folder.resolve("file");
        IsolatedFunction1<String, String> spin =
                isolated(Jobs::writeIdAndSpin, here, machineType(M), timeout(SHORT));

        assertThatTimedOut(Phase.EXECUTION, () -> spin.call(file.toString()))
                .withMessageContaining("execution timeout of PT1S");

        assertThat(ProcessHandle.of(Long.parseLong(Files.readString(file)))).isEmpty();
    }

    @Test
    void theBuildHasALimitOfItsOwn() throws Exception {
        try (HangingServer repository = new HangingServer()) {
            IsolatedFunction<String> hello =
                    isolated(
                            Jobs::hello,
                            here,
                            machineType(M),
                            requirements("dev.athanor:never-there:2.0"),
                            repositories(repository.address()),
                            timeout(Duration.ofMillis(1)),
                            buildTimeout(SHORT));

            assertThatTimedOut(Phase.BUILD, hello::call)
                    .withMessageContaining("not built within 1.0 s");
        }
    }

    @Test
    void theStartHasALimitOfItsOwn() throws Exception {
        SlowJava java = SlowJava.in(folder);
        try (Agent slow =
                CLUSTER.agent(
                        "slow",
                        Map.of(XS, 1),
                        folder.resolve("agent"),
                        new SimpleMeterRegistry(),
                        config -> config.withJavaExecutable(java.executable()))) {
            IsolatedFunction<String> hello = isolated(Jobs::hello, here, startTimeout(SHORT));

            assertThatTimedOut(Phase.START, hello::call)
                    .withMessageContaining("not ready within PT1S");

            assertThat(slow.isReady()).isTrue();
        }
    }

    @Test
    void theQueueHasALimitOfItsOwnAndWhatPassedItNeverRuns() throws Exception {
        Path runs = folder.resolve("runs");
        Path goOn = folder.resolve("go-on");
        IsolatedFunction2<String, String, String> wait =
                isolated(Jobs::markAndWaitFor, here, machineType(M));
        CompletableFuture<String> first = wait.submit(runs.toString(), goOn.toString());
        await().until(() -> Files.exists(runs));
        CompletableFuture<String> second =
                wait.on(queueTimeout(Duration.ofMillis(1)))
                        .submit(runs.toString(), goOn.toString());

        Files.createFile(goOn);

        assertThat(first.join()).isEqualTo("ran");
        await().until(second::isDone);
        assertThat(second.handle((result, failure) -> failure).join())
                .isInstanceOfSatisfying(
                        TimedOutException.class, e -> assertThat(e.phase()).isEqualTo(Phase.QUEUE))
                .hasMessageContaining("still queued at its queue deadline");
        assertThat(Files.readAllLines(runs)).hasSize(1);
    }

    @Test
    void theCallersWaitEndsAndTheCallGoesOn() throws Exception {
        Path runs = folder.resolve("runs");
        Path ended = folder.resolve("ended");
        IsolatedFunction2<String, Duration, String> run =
                isolated(Jobs::markAndRun, here, machineType(M), waitAtMost(SHORT));

        assertThatExceptionOfType(CallerWaitException.class)
                .isThrownBy(() -> run.call(runs.toString(), Duration.ofSeconds(3)))
                .withMessageContaining("waitAtMost(1 s)")
                .withMessageContaining("it goes on");

        assertThat(isolated(Jobs::markAndRun, here, machineType(M)).call(ended.toString(), SHORT))
                .isEqualTo("ran");
        assertThat(Files.readAllLines(runs)).hasSize(1);
    }

    private static ThrowableAssertAlternative<TimedOutException> assertThatTimedOut(
            Phase phase, ThrowingCallable call) {
        return assertThatExceptionOfType(TimedOutException.class)
                .isThrownBy(call)
                .satisfies(e -> assertThat(e.phase()).isEqualTo(phase));
    }
}
