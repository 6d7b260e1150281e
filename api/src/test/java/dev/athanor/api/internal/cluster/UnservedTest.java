package dev.athanor.api.internal.cluster;

import static dev.athanor.api.Athanor.host;
import static dev.athanor.api.Athanor.isolated;
import static dev.athanor.api.Athanor.logs;
import static dev.athanor.api.Athanor.machineType;
import static dev.athanor.api.Athanor.name;
import static dev.athanor.api.Athanor.whenUnserved;
import static dev.athanor.api.WhenUnserved.FAIL;
import static dev.athanor.api.internal.cluster.FakeReplies.succeeded;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.athanor.api.IsolatedFunction;
import dev.athanor.api.LogListener;
import dev.athanor.api.Option;
import dev.athanor.api.UnservedException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class UnservedTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final FakeCluster cluster = new FakeCluster();
    private final AtomicReference<Instant> now = new AtomicReference<>(START);
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final LogListener listener =
            line -> lines.add(line.source() + " " + line.stream() + " " + line.text());
    private final ClusterHost host =
            new ClusterHost(
                    cluster, new ClusterSettings("default", Duration.ofSeconds(5)), now::get);

    @AfterEach
    void close() {
        host.close();
    }

    @Test
    void aCallThatIsNotToWaitIsRefusedWithWhatIsServed() {
        cluster.tell("M", 0, 0, START);
        cluster.tell("XS", 2, 0, START);

        UnservedException failure =
                FakeCluster.failure(
                        hello(machineType("M"), whenUnserved(FAIL)).submit(),
                        UnservedException.class);

        assertThat(failure)
                .hasMessage(
                        "hello: no live agent serves machine type M (served: XS): start an agent"
                                + " with --slots M=1, or choose another machineType(…)");
        assertThat(failure.machineType()).isEqualTo("M");
        assertThat(failure.isRetriable()).isTrue();
        assertThat(cluster.invocations()).isEmpty();
    }

    @Test
    void aCallThatWaitsIsToldOnceAndRunsWhenAnAgentComes() {
        cluster.tell("M", 0, 0, START);
        IsolatedFunction<String> onM = hello(machineType("M"));

        CompletableFuture<String> one = onM.submit();
        CompletableFuture<String> other = onM.submit();
        cluster.invocation(2);
        await().until(() -> !lines.isEmpty());
        cluster.tell("M", 1, 0, START);
        cluster.send(succeeded(cluster.invocation(1), "one"));
        cluster.send(succeeded(cluster.invocation(2), "other"));

        assertThat(one.join()).isEqualTo("one");
        assertThat(other.join()).isEqualTo("other");
        assertThat(lines)
                .containsExactly(
                        "AGENT STDERR no live agent serves machine type M (none is served now):"
                                + " hello waits for one until its queueTimeout; start an agent with"
                                + " --slots M=1, choose another machineType(…), or have such calls"
                                + " refused by whenUnserved(FAIL)");
    }

    @Test
    void aCallUnderWayIsToldWhenTheLastAgentGoesAndAgainTheNextTime() {
        cluster.tell("XS", 1, 0, START);
        CompletableFuture<String> call = hello().submit();
        cluster.invocation(1);
        assertThat(lines).isEmpty();

        cluster.tell("XS", 0, 1, START);
        await().until(() -> lines.size() == 1);
        cluster.tell("XS", 1, 0, START);
        pass(Duration.ofSeconds(2));
        await().until(() -> hostLooked());
        cluster.tell("XS", 0, 0, START);

        await().until(() -> lines.size() == 2);
        assertThat(call).isNotDone();
    }

    @Test
    void aCallUnderWayThatIsNotToWaitEndsWhenNoAgentIsLeft() {
        cluster.tell("XS", 1, 0, START);
        CompletableFuture<String> call = hello(whenUnserved(FAIL)).submit();
        cluster.invocation(1);

        cluster.tell("XS", 0, 1, START);
        pass(Duration.ofSeconds(5));
        assertThat(hostLooked()).isTrue();
        assertThat(call).as("an agent that leaves may run it").isNotDone();
        cluster.tell("XS", 0, 0, now.get());

        await().until(() -> {
            pass(Duration.ofSeconds(1));
            return call.isDone();
        });
        assertThat(FakeCluster.failure(call, UnservedException.class))
                .hasMessageStartingWith("hello: it was given up, as the last agent")
                .hasMessageContaining("may have begun");
        await().until(() -> cluster.records("athanor.cancellations").size() == 1);
    }

    @Test
    void whatWasToldLongAgoIsNotBelieved() {
        cluster.tell("XS", 0, 0, START.minusSeconds(121));
        cluster.tell("M", 0, 0, START.minusSeconds(119));

        CompletableFuture<String> unknown = hello(whenUnserved(FAIL)).submit();
        CompletableFuture<String> unserved = hello(machineType("M"), whenUnserved(FAIL)).submit();

        FakeCluster.failure(unserved, UnservedException.class);
        cluster.send(succeeded(cluster.invocation(1), "ran"));
        assertThat(unknown.join()).isEqualTo("ran");
    }

    @Test
    void whatCannotBeReadOrWasNeverToldIsTakenForServed() {
        cluster.tell("XS", 0, 0, START);
        cluster.tell("XS", START, new byte[] {1, 2, 3});
        cluster.tell("M", 0, 0, START);
        cluster.tell("M", START, null);

        CompletableFuture<String> one = hello(whenUnserved(FAIL)).submit();
        CompletableFuture<String> other = hello(machineType("M"), whenUnserved(FAIL)).submit();

        cluster.send(succeeded(cluster.invocation(1), "one"));
        cluster.send(succeeded(cluster.invocation(2), "other"));
        assertThat(one.join()).isEqualTo("one");
        assertThat(other.join()).isEqualTo("other");
    }

    @Test
    void aClusterWithoutTheTopicServesAll() {
        cluster.topics.remove("athanor.machine-types");
        CompletableFuture<String> call = hello(whenUnserved(FAIL)).submit();

        cluster.send(succeeded(cluster.invocation(1), "ran"));

        assertThat(call.join()).isEqualTo("ran");
    }

    /** A refused call of another type shows that the loop has come round since. */
    private boolean hostLooked() {
        cluster.tell("M", 0, 0, now.get());
        await().until(() ->
                hello(machineType("M"), whenUnserved(FAIL)).submit().isCompletedExceptionally());
        return true;
    }

    private void pass(Duration time) {
        now.updateAndGet(instant -> instant.plus(time));
    }

    private IsolatedFunction<String> hello(Option... options) {
        return isolated(() -> "hello", host(host), name("hello"), logs(listener)).on(options);
    }
}
