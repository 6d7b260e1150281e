package dev.athanor.api.internal.cluster;

import static dev.athanor.api.Athanor.host;
import static dev.athanor.api.Athanor.isolated;
import static dev.athanor.api.Athanor.keepAlive;
import static dev.athanor.api.Athanor.logs;
import static dev.athanor.api.Athanor.machineType;
import static dev.athanor.api.Athanor.name;
import static dev.athanor.api.Athanor.queueTimeout;
import static dev.athanor.api.Athanor.repositories;
import static dev.athanor.api.Athanor.requirements;
import static dev.athanor.api.Athanor.timeout;
import static dev.athanor.api.internal.cluster.FakeReplies.failed;
import static dev.athanor.api.internal.cluster.FakeReplies.lines;
import static dev.athanor.api.internal.cluster.FakeReplies.succeeded;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.athanor.api.CancelledCallException;
import dev.athanor.api.InvalidOptionException;
import dev.athanor.api.IsolatedFunction;
import dev.athanor.api.IsolatedFunction1;
import dev.athanor.api.LogListener;
import dev.athanor.api.LostException;
import dev.athanor.api.Option;
import dev.athanor.api.TooLargeException;
import dev.athanor.api.TooManyCallsException;
import dev.athanor.api.UnavailableException;
import dev.athanor.runtime.protocol.PlainValues;
import dev.athanor.schemas.Cancellation;
import dev.athanor.schemas.Codec;
import dev.athanor.schemas.EnvironmentKind;
import dev.athanor.schemas.FailureCode;
import dev.athanor.schemas.FunctionSpec;
import dev.athanor.schemas.Invocation;
import dev.athanor.schemas.Reply;
import dev.athanor.schemas.Repository;
import dev.athanor.schemas.SignedEnvelope;
import dev.athanor.schemas.Topics;
import dev.athanor.schemas.blob.Blobs;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ClusterHostTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final FakeCluster cluster = new FakeCluster();
    private final AtomicReference<Instant> now = new AtomicReference<>(START);
    private final ClusterHost host =
            new ClusterHost(
                    cluster, new ClusterSettings("default", Duration.ofSeconds(5)), now::get);

    @AfterEach
    void close() {
        host.close();
    }

    @Test
    void theReplyPositionIsResolvedBeforeAnythingIsProduced() {
        CompletableFuture<String> result = hello().submit();
        cluster.invocation(1);

        assertThat(cluster.events)
                .startsWith("seekToEnd", "position 40")
                .contains("produce athanor.blobs.default")
                .endsWith("produce athanor.invocations.XS");
        assertThat(result).isNotDone();
    }

    @Test
    void invocationsSayWhatTheCallerSaid() throws Exception {
        IsolatedFunction1<String, String> shout =
                isolated(
                        ClusterHostTest::shout,
                        host(host),
                        machineType("M"),
                        keepAlive(60),
                        timeout(Duration.ofSeconds(7)),
                        queueTimeout(Duration.ofMinutes(3)),
                        requirements("a:b:1", "c:d:2"),
                        repositories("mine::https://m.example/x", "https://repo.example/maven2/"),
                        logs(LogListener.none()));
        CompletableFuture<String> result = shout.submit("hello");
        Invocation invocation = cluster.invocation(1);

        assertThat(result).isNotDone();
        assertThat(UUID.fromString(invocation.getCorrelationId()).version()).isEqualTo(7);
        assertThat(cluster.records("athanor.invocations.M").get(0).key())
                .isEqualTo(invocation.getCorrelationId().getBytes(StandardCharsets.UTF_8));
        assertThat(invocation.getCreatedAt()).isEqualTo(START.toEpochMilli());
        assertThat(invocation.getReplyPartition()).isZero();
        assertThat(invocation.getWantsLogs()).isFalse();
        assertThat(invocation.getLimits().getExecutionTimeoutMillis()).isEqualTo(7_000);
        assertThat(invocation.getLimits().getQueueDeadline())
                .isEqualTo(START.plusSeconds(180).toEpochMilli());
        assertThat(function(invocation).getName()).isEqualTo("ClusterHostTest.shout");
        assertThat(function(invocation).getEntryPoint().getName()).isEqualTo("shout");
        assertThat(function(invocation).getMachineType()).isEqualTo("M");
        assertThat(function(invocation).getKeepAliveMillis()).isEqualTo(60_000);
        assertThat(function(invocation).getEnvironment().getKind()).isEqualTo(EnvironmentKind.JVM);
        assertThat(function(invocation).getEnvironment().getRequirements())
                .containsExactly("a:b:1", "c:d:2");
        assertThat(function(invocation).getEnvironment().getRepositories())
                .containsExactly(
                        new Repository("mine", "https://m.example/x"),
                        new Repository("repo.example-maven2", "https://repo.example/maven2/"));
        assertThat(function(invocation).getBundles()).hasSize(2);
        assertThat(arguments(invocation)).containsExactly("hello");
    }

    @Test
    void resultsReachTheirCallers() {
        CompletableFuture<String> one = hello().submit();
        CompletableFuture<String> other = hello().submit();

        cluster.send(succeeded(cluster.invocation(2), "second"));
        cluster.send(succeeded(cluster.invocation(1), "first"));

        assertThat(one.join()).isEqualTo("first");
        assertThat(other.join()).isEqualTo("second");
    }

    @Test
    void codeIsUploadedOnce() {
        List<CompletableFuture<String>> results =
                List.of(hello().submit(), hello().submit(), hello().on(keepAlive(3)).submit());
        cluster.invocation(3);

        assertThat(results).hasSize(3);
        assertThat(cluster.blobs().stream().map(chunk -> chunk.getDigest()).distinct()).hasSize(2);
        assertThat(cluster.blobs()).allMatch(chunk -> chunk.getCount() < 20).hasSizeLessThan(10);
        assertThat(function(cluster.invocations().get(0)).getBundles())
                .isEqualTo(function(cluster.invocations().get(2)).getBundles());
    }

    @Test
    void garbageOnTheReplyTopicIsSkipped() {
        CompletableFuture<String> result = hello().submit();
        Invocation invocation = cluster.invocation(1);

        cluster.send(new byte[0]);
        cluster.send("not a record at all".getBytes(StandardCharsets.UTF_8));
        cluster.send(new Cancellation(invocation.getCorrelationId(), 1L, ""));
        byte[] damaged = Codec.current().encode(succeeded(invocation, "x"));
        damaged[damaged.length / 2] ^= 0x7f;
        damaged[12] = -1;
        cluster.send(damaged);
        cluster.send(succeeded(invocation, "sound"));

        assertThat(result.join()).isEqualTo("sound");
    }

    @Test
    void theFirstTerminalOutcomeWins() {
        CompletableFuture<String> result = hello().submit();
        Invocation invocation = cluster.invocation(1);

        cluster.send(succeeded(invocation, "first"));
        cluster.send(succeeded(invocation, "second"));
        cluster.send(failed(invocation, FailureCode.SANDBOX_DIED, "late"));
        CompletableFuture<String> next = hello().submit();
        cluster.send(succeeded(cluster.invocation(2), "next"));

        assertThat(next.join()).isEqualTo("next");
        assertThat(result.join()).isEqualTo("first");
    }

    @Test
    void repliesToOthersAreIgnored() {
        CompletableFuture<String> result = hello().submit();
        Invocation invocation = cluster.invocation(1);
        Reply foreign = succeeded(invocation, "foreign");

        cluster.send(
                Reply.newBuilder(foreign).setCorrelationId(UUID.randomUUID().toString()).build());
        cluster.send(lines("unknown", 1, 0, "line"));
        cluster.send(succeeded(invocation, "own"));

        assertThat(result.join()).isEqualTo("own");
    }

    @Test
    void whatIsGoneIsSentAgainOnce() {
        CompletableFuture<String> result = hello().submit();
        Invocation first = cluster.invocation(1);
        int uploads = cluster.blobs().size();

        cluster.send(failed(first, FailureCode.BLOB_GONE, "expired"));
        Invocation second = cluster.invocation(2);
        cluster.send(failed(first, FailureCode.BLOB_GONE, "delivered twice"));
        cluster.send(succeeded(second, "after all"));

        assertThat(result.join()).isEqualTo("after all");
        assertThat(second.getCorrelationId()).isNotEqualTo(first.getCorrelationId());
        assertThat(second.getCreatedAt()).isEqualTo(first.getCreatedAt());
        assertThat(cluster.blobs()).hasSize(2 * uploads);
        assertThat(function(second).getBundles().get(0).getAddress().getFirstOffset())
                .isGreaterThan(function(first).getBundles().get(0).getAddress().getFirstOffset());
    }

    @Test
    void whatIsGoneTwiceIsGivenUp() {
        CompletableFuture<String> result = hello().submit();

        cluster.send(failed(cluster.invocation(1), FailureCode.BLOB_GONE, "expired"));
        cluster.send(failed(cluster.invocation(2), FailureCode.BLOB_GONE, "expired again"));

        assertThat(FakeCluster.failure(result, LostException.class))
                .hasMessageContaining("expired again");
        assertThat(cluster.invocations()).hasSize(2);
    }

    @Test
    void aCallBeyondTheClientsBoundIsRefusedUntilOneEnds() {
        ClusterSettings settings =
                new ClusterSettings(
                        "default",
                        Duration.ofSeconds(5),
                        Blobs.DEFAULT_LIMIT,
                        1,
                        Long.MAX_VALUE,
                        true,
                        Access.NONE,
                        ClusterSettings.LOCAL_DISPATCHER);
        try (ClusterHost bounded = new ClusterHost(cluster, settings, now::get)) {
            IsolatedFunction<String> bound = hello().on(host(bounded));
            CompletableFuture<String> first = bound.submit();

            FakeCluster.failure(bound.submit(), TooManyCallsException.class);
            first.cancel(false);

            assertThat(bound.submit()).isNotDone();
        }
    }

    @Test
    void largeArgumentsGoToABlob() {
        byte[] large = new byte[Blobs.INLINE_LIMIT + 1];
        CompletableFuture<Integer> result =
                isolated((byte[] bytes) -> bytes.length, host(host)).submit(large);
        Invocation invocation = cluster.invocation(1);

        assertThat(result).isNotDone();
        assertThat(invocation.getArguments().getContent().remaining()).isZero();
        assertThat(invocation.getArguments().getBlob().getSize()).isGreaterThan(Blobs.INLINE_LIMIT);
    }

    @Test
    void cancellingAsksTheAgents() {
        CompletableFuture<String> result = hello().submit();
        Invocation invocation = cluster.invocation(1);

        assertThat(result.cancel(false)).isTrue();
        cluster.send(succeeded(invocation, "late"));

        assertThat(cluster.records(Topics.CANCELLATIONS)).hasSize(1);
        SignedEnvelope envelope =
                Codec.current()
                        .decode(
                                cluster.records(Topics.CANCELLATIONS).get(0).value(),
                                SignedEnvelope.class);
        byte[] content = new byte[envelope.getContent().remaining()];
        envelope.getContent().get(content);
        assertThat(Codec.current().decode(content, Cancellation.class).getCorrelationId())
                .isEqualTo(invocation.getCorrelationId());
        assertThat(result).isCancelled();
    }

    @Test
    void closingEndsAndCancelsWhatIsUnderWay() {
        CompletableFuture<String> result = hello().submit();
        cluster.invocation(1);

        host.close();

        FakeCluster.failure(result, CancelledCallException.class);
        assertThat(cluster.records(Topics.CANCELLATIONS)).hasSize(1);
        assertThat(cluster.producers.get(0).closed()).isTrue();
        assertThat(cluster.consumers.get(0).closed()).isTrue();
        assertThatExceptionOfType(CancelledCallException.class)
                .isThrownBy(() -> hello().call())
                .withMessageContaining("closed");
    }

    @Test
    void callsThatNobodyAnswersAreGivenUp() {
        CompletableFuture<String> result = hello().submit();
        cluster.invocation(1);
        now.set(START.plus(Duration.ofHours(1)));
        CompletableFuture<String> later = hello().submit();
        cluster.invocation(2);

        now.set(START.plus(Duration.ofHours(1).plus(Duration.ofMinutes(54))));

        assertThat(FakeCluster.failure(result, LostException.class))
                .hasMessageContaining("is an agent running for machine type XS?");
        assertThat(later).isNotDone();
    }

    @Test
    void unknownMachineTypesAreRefusedWithTheNearestName() {
        assertThatExceptionOfType(InvalidOptionException.class)
                .isThrownBy(() -> hello().on(machineType("m")).call())
                .withMessage(
                        "machineType(m) is not possible: expected one that this cluster offers: M,"
                                + " XS; did you mean M?");
        assertThat(cluster.invocations()).isEmpty();
    }

    @Test
    void machineTypesThatAppearLaterAreFound() {
        CompletableFuture<String> first = hello().submit();
        cluster.invocation(1);
        String topic = Topics.invocations("H100");
        cluster.consumers.get(0).updatePartitions(topic, FakeCluster.partitions(topic));

        CompletableFuture<String> second = hello().on(machineType("H100")).submit();

        cluster.invocation(2);
        assertThat(List.of(first, second)).noneMatch(CompletableFuture::isDone);
    }

    @Test
    void anUnreachableClusterIsReportedAndTriedAgain() {
        cluster.reachable = false;
        assertThatExceptionOfType(UnavailableException.class).isThrownBy(() -> hello().call());

        cluster.reachable = true;
        CompletableFuture<String> result = hello().submit();
        cluster.send(succeeded(cluster.invocation(1), "x"));

        assertThat(result.join()).isEqualTo("x");
    }

    @Test
    void aClusterWithoutAthanorsTopicsIsReported() {
        cluster.topics.clear();

        assertThatExceptionOfType(UnavailableException.class)
                .isThrownBy(() -> hello().call())
                .withMessageContaining("athanor.replies.default");
        assertThat(cluster.consumers.get(0).closed()).isTrue();
    }

    @Test
    void aConnectionThatFailsFailsItsCallsAndIsReplaced() {
        CompletableFuture<String> result = hello().submit();
        cluster.invocation(1);

        cluster.consumers.get(0).setPollException(new KafkaException("broken"));
        FakeCluster.failure(result, UnavailableException.class);
        CompletableFuture<String> next = hello().submit();
        cluster.send(succeeded(cluster.invocation(2), "x"));

        assertThat(next.join()).isEqualTo("x");
        assertThat(cluster.consumers).hasSize(2);
        assertThat(cluster.producers.get(0).closed()).isTrue();
    }

    @Test
    void invocationsThatKafkaDoesNotTakeFail() {
        CompletableFuture<String> first = hello().submit();
        cluster.invocation(1);
        cluster.producers.get(0).failure = new TimeoutException("no leader");
        CompletableFuture<String> timedOut = hello().submit();
        cluster.producers.get(0).failure = new RecordTooLargeException("2 MB");
        CompletableFuture<String> tooLarge = hello().submit();

        FakeCluster.failure(timedOut, UnavailableException.class);
        FakeCluster.failure(tooLarge, TooLargeException.class);
        assertThat(first).isNotDone();
    }

    @Test
    void mapKeepsItsOrderThroughTheCluster() {
        IsolatedFunction1<Integer, Integer> twice = isolated((Integer i) -> 2 * i, host(host));
        List<Integer> results = new ArrayList<>();
        Thread reader =
                new Thread(() -> {
                    try (Stream<Integer> stream = twice.map(List.of(1, 2, 3))) {
                        stream.forEach(results::add);
                    }
                });
        reader.start();

        cluster.send(succeeded(cluster.invocation(3), 6));
        cluster.send(succeeded(cluster.invocation(1), 2));
        cluster.send(succeeded(cluster.invocation(2), 4));
        await().until(() -> !reader.isAlive());

        assertThat(results).containsExactly(2, 4, 6);
    }

    private IsolatedFunction<String> hello() {
        Option here = host(host);
        return isolated(() -> "Hello World", here, name("hello"));
    }

    private static String shout(String text) {
        return text + "!";
    }

    private static Object[] arguments(Invocation invocation) throws Exception {
        ByteBuffer content = invocation.getArguments().getContent();
        byte[] bytes = new byte[content.remaining()];
        content.get(bytes);
        return (Object[]) PlainValues.read(bytes);
    }

    private static FunctionSpec function(Invocation invocation) {
        return Codec.current().decode(invocation.getFunction().array(), FunctionSpec.class);
    }
}
