package dev.athanor.api.internal.cluster;

import static dev.athanor.api.Athanor.host;
import static dev.athanor.api.Athanor.isolated;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.athanor.api.IsolatedFunction;
import dev.athanor.api.UnauthorizedException;
import dev.athanor.schemas.Codec;
import dev.athanor.schemas.InvocationEnvelope;
import dev.athanor.schemas.SignedEnvelope;
import dev.athanor.schemas.Topics;
import dev.athanor.schemas.blob.Blobs;
import dev.athanor.schemas.keys.Credentials;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Callers with a key. */
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SignedCallsTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final FakeCluster cluster = new FakeCluster();
    private final AtomicReference<Instant> now = new AtomicReference<>(START);
    private final ClusterHost host =
            new ClusterHost(
                    cluster,
                    new ClusterSettings(
                            "default",
                            Duration.ofSeconds(5),
                            Blobs.DEFAULT_LIMIT,
                            10,
                            Long.MAX_VALUE,
                            false,
                            new Access(
                                    Optional.of(new Credentials("default.1", "secret")),
                                    Optional.empty()),
                            ClusterSettings.LOCAL_DISPATCHER),
                    now::get);

    @AfterEach
    void close() {
        host.close();
    }

    @Test
    void callsAndCancellationsAreSigned() {
        CompletableFuture<String> call = hello().submit();
        cluster.invocation(1);
        assertThat(call.cancel(false)).isTrue();
        await().until(() -> !cluster.records(Topics.CANCELLATIONS).isEmpty());

        InvocationEnvelope invocation =
                Codec.current()
                        .decode(
                                cluster.records("athanor.invocations.").get(0).value(),
                                InvocationEnvelope.class);
        SignedEnvelope cancellation =
                Codec.current()
                        .decode(
                                cluster.records(Topics.CANCELLATIONS).get(0).value(),
                                SignedEnvelope.class);
        assertThat(invocation.getSignature().getKeyId()).isEqualTo("default.1");
        assertThat(invocation.getSignature().getAt()).isEqualTo(START.toEpochMilli());
        assertThat(cancellation.getSignature().getKeyId()).isEqualTo("default.1");
    }

    @Test
    void aClockThatIsWrongIsReportedByTheCallItself() {
        cluster.brokerTime = START.plus(Duration.ofMinutes(1)).toEpochMilli();
        CompletableFuture<String> call = hello().submit();
        cluster.invocation(1);
        assertThat(call).isNotDone();

        cluster.brokerTime = START.plus(Duration.ofMinutes(3)).toEpochMilli();

        assertThat(FakeCluster.failure(hello().submit(), UnauthorizedException.class))
                .hasMessageContaining("clocks of this machine and of Kafka are 180 s apart");
    }

    @Test
    void aKeyThatIsRefusedIsNotTriedAgainByEveryCall() {
        cluster.refusal = Optional.of("the key is not let in");
        for (int call = 0; call < 100; call++) {
            assertThatThrownBy(() -> hello().call())
                    .isInstanceOf(UnauthorizedException.class)
                    .hasMessage("the key is not let in");
        }
        assertThat(cluster.connects).hasValue(1);

        cluster.refusal = Optional.empty();
        now.set(START.plus(Duration.ofSeconds(6)));
        CompletableFuture<String> call = hello().submit();

        assertThat(cluster.invocation(1)).isNotNull();
        assertThat(call).isNotDone();
    }

    private IsolatedFunction<String> hello() {
        return isolated(() -> "hello", host(host));
    }
}
