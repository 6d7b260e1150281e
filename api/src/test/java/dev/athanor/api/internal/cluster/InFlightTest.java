package dev.athanor.api.internal.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.athanor.api.CancelledCallException;
import dev.athanor.api.TooManyCallsException;
import dev.athanor.schemas.blob.Blobs;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class InFlightTest {
    @Test
    void aCallBeyondTheBoundIsToldTheBound() {
        InFlight inFlight = new InFlight(settings(2, 100, true));
        inFlight.enter(10);
        inFlight.enter(10);

        assertThatExceptionOfType(TooManyCallsException.class)
                .isThrownBy(() -> inFlight.enter(1))
                .withMessageContaining("2 calls with 20 bytes")
                .withMessageContaining("maxInFlight(2)")
                .satisfies(e -> assertThat(e.isRetriable()).isTrue());
        inFlight.leave(10);
        inFlight.enter(1);
    }

    @Test
    void argumentsCountAsWell() {
        InFlight inFlight = new InFlight(settings(10, 100, true));
        inFlight.enter(60);

        assertThatExceptionOfType(TooManyCallsException.class)
                .isThrownBy(() -> inFlight.enter(41))
                .withMessageContaining("maxInFlightBytes(100)");
        inFlight.enter(40);
    }

    @Test
    void aCallThatIsAloneIsNeverTooLarge() {
        InFlight inFlight = new InFlight(settings(10, 100, true));

        inFlight.enter(1_000);

        assertThatExceptionOfType(TooManyCallsException.class).isThrownBy(() -> inFlight.enter(0));
    }

    @Test
    void aCallWaitsForTheEndOfAnother() {
        InFlight inFlight = new InFlight(settings(1, 100, false));
        CompletableFuture<String> first = new CompletableFuture<>();
        inFlight.enter(5);
        inFlight.leaveAtEnd(first, 5);

        CompletableFuture<Void> second = CompletableFuture.runAsync(() -> inFlight.enter(5));
        await().during(Duration.ofMillis(50)).until(() -> !second.isDone());
        first.completeExceptionally(new IllegalStateException("failed"));

        second.join();
    }

    @Test
    @SuppressWarnings("Interruption") // The thread is this test's own.
    void waitingCanBeInterrupted() throws Exception {
        InFlight inFlight = new InFlight(settings(1, 100, false));
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        inFlight.enter(5);
        Thread waiting = new Thread(() -> inFlight.enter(5));
        waiting.setUncaughtExceptionHandler((thread, e) -> thrown.set(e));
        waiting.start();

        waiting.interrupt();
        waiting.join();

        assertThat(thrown.get()).isInstanceOf(CancelledCallException.class);
    }

    private static ClusterSettings settings(int calls, long bytes, boolean fails) {
        return new ClusterSettings(
                "default",
                Duration.ofSeconds(1),
                Blobs.DEFAULT_LIMIT,
                calls,
                bytes,
                fails,
                Access.NONE,
                ClusterSettings.LOCAL_DISPATCHER);
    }
}
