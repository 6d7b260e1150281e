package dev.athanor.api.internal.cluster;

import static dev.athanor.api.Athanor.allowResult;
import static dev.athanor.api.Athanor.host;
import static dev.athanor.api.Athanor.isolated;
import static dev.athanor.api.Athanor.name;
import static dev.athanor.api.internal.cluster.FakeReplies.failed;
import static dev.athanor.api.internal.cluster.FakeReplies.reply;
import static dev.athanor.api.internal.cluster.FakeReplies.succeeded;
import static dev.athanor.api.internal.cluster.FakeReplies.threw;
import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.api.AthanorException;
import dev.athanor.api.BuildFailedException;
import dev.athanor.api.CancelledCallException;
import dev.athanor.api.FunctionFailedException;
import dev.athanor.api.IsolatedFunction;
import dev.athanor.api.LostException;
import dev.athanor.api.Option;
import dev.athanor.api.RefusedResultException;
import dev.athanor.api.RemoteException;
import dev.athanor.api.SandboxDiedException;
import dev.athanor.api.TimedOutException;
import dev.athanor.api.TooLargeException;
import dev.athanor.api.UnserializableException;
import dev.athanor.schemas.BlobAddress;
import dev.athanor.schemas.Failure;
import dev.athanor.schemas.FailureCode;
import dev.athanor.schemas.Invocation;
import dev.athanor.schemas.Outcome;
import dev.athanor.schemas.Payload;
import dev.athanor.schemas.PayloadCodec;
import dev.athanor.schemas.Reply;
import dev.athanor.schemas.blob.Blobs;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.KafkaException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ResultsTest {
    record Result(String text) implements Serializable {}

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
    void failuresBecomeTheirExceptions() {
        assertThat(failureOf(FailureCode.SANDBOX_DIED, SandboxDiedException.class))
                .hasMessage("hello: reason");
        assertThat(failureOf(FailureCode.BUILD_FAILED, BuildFailedException.class))
                .hasMessage("reason");
        assertThat(failureOf(FailureCode.EXECUTION_TIMEOUT, TimedOutException.class).phase())
                .isEqualTo(TimedOutException.Phase.EXECUTION);
        assertThat(failureOf(FailureCode.BUILD_TIMEOUT, TimedOutException.class).phase())
                .isEqualTo(TimedOutException.Phase.BUILD);
        assertThat(failureOf(FailureCode.START_TIMEOUT, TimedOutException.class).phase())
                .isEqualTo(TimedOutException.Phase.START);
        assertThat(failureOf(FailureCode.DEADLINE_PASSED, TimedOutException.class).isRetriable())
                .isTrue();
        assertThat(failureOf(FailureCode.CANCELLED, CancelledCallException.class)).isNotNull();
        assertThat(failureOf(FailureCode.ATTEMPTS_EXHAUSTED, LostException.class)).isNotNull();
        assertThat(failureOf(FailureCode.TOO_LARGE, TooLargeException.class)).isNotNull();
        assertThat(failureOf(FailureCode.INVALID_RESULT, UnserializableException.class))
                .isNotNull();
        assertThat(failureOf(FailureCode.UNKNOWN, LostException.class)).isNotNull();
    }

    @Test
    void memoryKillsNameTheLargerMachineType() {
        CompletableFuture<String> result = hello().submit();
        Invocation invocation = cluster.invocation(1);
        Reply reply = failed(invocation, FailureCode.OUT_OF_MEMORY, "over 256 MiB");
        reply =
                Reply.newBuilder(reply)
                        .setFailure(
                                Failure.newBuilder(reply.getFailure())
                                        .setLargerMachineType("S")
                                        .build())
                        .build();

        cluster.send(reply);

        assertThat(FakeCluster.failure(result, SandboxDiedException.class).largerMachineType())
                .contains("S");
    }

    @Test
    void thrownExceptionsAreRebuiltWhereTheirClassIsAccepted() {
        CompletableFuture<String> result = hello().submit();
        cluster.send(threw(cluster.invocation(1), new IllegalStateException("boom")));

        FunctionFailedException failure =
                FakeCluster.failure(result, FunctionFailedException.class);

        assertThat(failure).hasMessage("hello failed: java.lang.IllegalStateException: boom");
        assertThat(failure.getCause()).isExactlyInstanceOf(IllegalStateException.class);
        assertThat(failure.getCause().getStackTrace()[0].getMethodName()).isEqualTo("remote");
    }

    @Test
    void otherThrownExceptionsGetAStandIn() {
        CompletableFuture<String> result = hello().submit();
        cluster.send(threw(cluster.invocation(1), new KafkaException("boom")));

        FunctionFailedException failure =
                FakeCluster.failure(result, FunctionFailedException.class);

        assertThat(failure.getCause())
                .isInstanceOf(RemoteException.class)
                .hasToString("org.apache.kafka.common.KafkaException: boom");
        assertThat(failure.getCause().getStackTrace()[0].getMethodName()).isEqualTo("remote");
    }

    @Test
    void resultsOfTheFunctionsOwnClassesAreAccepted() {
        CompletableFuture<Result> result = isolated(() -> new Result("x"), host(host)).submit();
        cluster.send(succeeded(cluster.invocation(1), new Result("own")));

        assertThat(result.join()).isEqualTo(new Result("own"));
    }

    @Test
    void resultsOfForeignClassesAreRefusedUnlessAllowed() {
        IsolatedFunction<Object> function = isolated(() -> (Object) "x", host(host));
        CompletableFuture<Object> refused = function.submit();
        cluster.send(succeeded(cluster.invocation(1), new KafkaException("foreign")));
        CompletableFuture<Object> allowed =
                function.on(allowResult("org.apache.kafka.common.*")).submit();
        cluster.send(succeeded(cluster.invocation(2), new KafkaException("foreign")));

        assertThat(FakeCluster.failure(refused, RefusedResultException.class))
                .hasMessageContaining("allowResult(\"org.apache.kafka.common.KafkaException\")");
        assertThat(allowed.join()).isInstanceOf(KafkaException.class);
    }

    @Test
    void resultsInOtherCodecsAreRefused() {
        CompletableFuture<String> result = hello().submit();
        Reply reply = succeeded(cluster.invocation(1), "x");
        cluster.send(
                Reply.newBuilder(reply)
                        .setResult(
                                new Payload(
                                        PayloadCodec.PICKLE, reply.getResult().getContent(), null))
                        .build());

        assertThat(FakeCluster.failure(result, UnserializableException.class))
                .hasMessageContaining("PICKLE");
    }

    @Test
    void aResultWhoseBlobIsGoneIsALostCall() {
        CompletableFuture<String> result = hello().submit();
        Invocation invocation = cluster.invocation(1);

        cluster.send(
                reply(invocation, Outcome.SUCCEEDED)
                        .setResult(
                                new Payload(
                                        PayloadCodec.JAVA,
                                        ByteBuffer.allocate(0),
                                        new BlobAddress(
                                                Blobs.digest(new byte[0]), 300_000L, 0, 5L, 5L)))
                        .build());

        assertThat(FakeCluster.failure(result, LostException.class))
                .hasMessageContaining("the function ran, but its result is gone");
    }

    private <E extends AthanorException> E failureOf(FailureCode code, Class<E> type) {
        CompletableFuture<String> result = hello().submit();
        int count = cluster.invocations().size();
        cluster.send(failed(cluster.invocation(count), code, "reason"));
        return FakeCluster.failure(result, type);
    }

    private IsolatedFunction<String> hello() {
        Option here = host(host);
        return isolated(() -> "Hello World", here, name("hello"));
    }
}
