package dev.athanor.api.internal.cluster;

import static dev.athanor.api.Athanor.host;
import static dev.athanor.api.Athanor.isolated;
import static dev.athanor.api.Athanor.logs;
import static dev.athanor.api.Athanor.name;
import static dev.athanor.api.internal.cluster.FakeReplies.lines;
import static dev.athanor.api.internal.cluster.FakeReplies.succeeded;
import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.api.IsolatedFunction;
import dev.athanor.api.LogListener;
import dev.athanor.api.Option;
import dev.athanor.schemas.Invocation;
import dev.athanor.schemas.Reply;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CallLinesTest {
    private final FakeCluster cluster = new FakeCluster();
    private final ClusterHost host =
            new ClusterHost(
                    cluster,
                    new ClusterSettings("default", Duration.ofSeconds(5)),
                    InstantSource.system());

    @AfterEach
    void close() {
        host.close();
    }

    @Test
    void linesComeInOrderAndBeforeTheResult() {
        List<String> seen = new CopyOnWriteArrayList<>();
        LogListener slow =
                line -> seen.add(line.source() + " " + line.stream() + " " + line.text());
        CompletableFuture<Void> result =
                hello().on(logs(slow)).submit().thenAccept(text -> seen.add("result " + text));
        Invocation invocation = cluster.invocation(1);
        String id = invocation.getCorrelationId();

        cluster.send(lines(id, 1, 0, "a", "b"));
        cluster.send(lines(id, 1, 0, "a", "b"));
        cluster.send(lines(id, 1, 1, "b", "c"));
        cluster.send(lines(id, 2, 0, "again"));
        cluster.send(lines(id, 1, 3, "late line of a lost attempt"));
        cluster.send(Reply.newBuilder(succeeded(invocation, "x")).setDroppedLogLines(12).build());
        result.join();

        assertThat(seen)
                .containsExactly(
                        "FUNCTION STDOUT a",
                        "FUNCTION STDOUT b",
                        "FUNCTION STDOUT c",
                        "FUNCTION STDOUT again",
                        "AGENT STDERR 12 lines were dropped: more came than could be delivered",
                        "result x");
    }

    @Test
    void aListenerThatThrowsDoesNotHurtTheCall() {
        Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
        List<Throwable> reported = new CopyOnWriteArrayList<>();
        Thread.setDefaultUncaughtExceptionHandler((thread, e) -> reported.add(e));
        try {
            CompletableFuture<String> result =
                    hello().on(
                                    logs(line -> {
                                        throw new IllegalStateException("listener");
                                    }))
                            .submit();
            Invocation invocation = cluster.invocation(1);
            cluster.send(lines(invocation.getCorrelationId(), 1, 0, "a"));
            cluster.send(succeeded(invocation, "x"));

            assertThat(result.join()).isEqualTo("x");
            assertThat(reported).singleElement().isInstanceOf(IllegalStateException.class);
        } finally {
            Thread.setDefaultUncaughtExceptionHandler(before);
        }
    }

    @Test
    void aSlowListenerLosesLinesAndNotMemory() {
        CompletableFuture<Void> slow = new CompletableFuture<>();
        List<String> seen = Collections.synchronizedList(new ArrayList<>());
        LogListener listener =
                line -> {
                    slow.join();
                    seen.add(line.text());
                };
        CompletableFuture<String> result = hello().on(logs(listener)).submit();
        Invocation invocation = cluster.invocation(1);
        String[] many = new String[6_000];
        Arrays.fill(many, "x");
        for (int i = 0; i < 4; i++) {
            cluster.send(lines(invocation.getCorrelationId(), 1, i * 6_000L, many));
        }
        cluster.send(succeeded(invocation, "x"));
        CompletableFuture<String> other = hello().submit();
        cluster.send(succeeded(cluster.invocation(2), "not held up"));
        assertThat(other.join()).isEqualTo("not held up");
        slow.complete(null);

        assertThat(result.join()).isEqualTo("x");
        assertThat(seen).hasSize(12_001).last().asString().startsWith("12,000 lines were dropped");
    }

    @Test
    void callbacksThatBlockHoldUpNoOtherCall() {
        CompletableFuture<Void> gate = new CompletableFuture<>();
        CompletableFuture<Void> blocked = hello().submit().thenAccept(text -> gate.join());
        cluster.send(succeeded(cluster.invocation(1), "x"));
        CompletableFuture<String> other = hello().submit();
        cluster.send(succeeded(cluster.invocation(2), "y"));

        assertThat(other.join()).isEqualTo("y");
        assertThat(blocked).isNotDone();
        gate.complete(null);
        blocked.join();
    }

    private IsolatedFunction<String> hello() {
        Option here = host(host);
        return isolated(() -> "Hello World", here, name("hello"));
    }
}
