package dev.athanor.environment.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import dev.athanor.environment.machine.MachineTypes;
import dev.athanor.environment.sandbox.SandboxKey;
import dev.athanor.environment.sandbox.SandboxSpec;
import dev.athanor.environment.sandbox.StartFailedException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class HotPoolTest {

    private static final Duration KEEP_ALIVE = Duration.ofSeconds(10);

    /** Starts just below the overflow, as a monotonic clock may. */
    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - Duration.ofSeconds(5).toNanos());

    private final List<FakeSandbox> started = new ArrayList<>();
    private final HotPool pool = pool(3);

    @Test
    void aFirstCallIsCold() throws InterruptedException {
        assertThat(pool.tryHot(spec("a").key())).isEmpty();

        PooledSandbox cold = pool.start(spec("a"));

        assertThat(cold.hot()).isFalse();
        assertThat(cold.sandbox()).isSameAs(started.get(0));
        assertThat(pool.tryHot(spec("a").key())).isEmpty();
    }

    @Test
    void isHotUntilTheKeepAliveEnds() throws InterruptedException {
        pool.start(spec("a")).release(KEEP_ALIVE);

        advance(Duration.ofMillis(9_999));
        pool.expire();

        assertThat(started.get(0).isClosed()).isFalse();
        PooledSandbox hot = pool.tryHot(spec("a").key()).orElseThrow();
        assertThat(hot.hot()).isTrue();
        assertThat(hot.sandbox()).isSameAs(started.get(0));
    }

    @Test
    void isColdWhenTheKeepAliveHasEnded() throws InterruptedException {
        for (long millis : new long[] {10_000, 10_001}) {
            HotPool fresh = pool(1);
            fresh.start(spec("a")).release(KEEP_ALIVE);

            advance(Duration.ofMillis(millis));

            assertThat(fresh.tryHot(spec("a").key())).isEmpty();
            fresh.expire();
            assertThat(started).allMatch(FakeSandbox::isClosed);
            assertThat(fresh.status()).isEmpty();
        }
    }

    @Test
    void theKeepAliveCountsFromTheEndOfTheCall() throws InterruptedException {
        PooledSandbox call = pool.start(spec("a"));
        advance(Duration.ofSeconds(30));
        pool.expire();
        call.release(KEEP_ALIVE);

        advance(Duration.ofMillis(9_999));

        assertThat(pool.tryHot(spec("a").key())).isPresent();
    }

    @Test
    void everyCallRestartsTheKeepAlive() throws InterruptedException {
        pool.start(spec("a")).release(KEEP_ALIVE);
        for (int i = 0; i < 5; i++) {
            advance(Duration.ofMillis(9_999));
            pool.expire();
            pool.tryHot(spec("a").key()).orElseThrow().release(KEEP_ALIVE);
        }

        advance(Duration.ofSeconds(10));

        assertThat(pool.tryHot(spec("a").key())).isEmpty();
        assertThat(started).hasSize(1);
    }

    @Test
    void theLatestDeadlineCounts() throws InterruptedException {
        pool.start(spec("a")).release(Duration.ofSeconds(60));
        pool.tryHot(spec("a").key()).orElseThrow().release(Duration.ofSeconds(1));
        pool.tryHot(spec("a").key()).orElseThrow().release(Duration.ZERO);

        advance(Duration.ofMillis(59_999));
        assertThat(pool.tryHot(spec("a").key())).isPresent();
    }

    @Test
    void aBusySandboxOutlivesItsDeadline() throws InterruptedException {
        pool.start(spec("a")).release(KEEP_ALIVE);
        PooledSandbox call = pool.tryHot(spec("a").key()).orElseThrow();

        advance(Duration.ofSeconds(60));
        pool.expire();

        assertThat(started.get(0).isClosed()).isFalse();
        call.release(Duration.ZERO);
        assertThat(started.get(0).isClosed()).isTrue();
    }

    @Test
    void aKeepAliveOf0KeepsNothing() throws InterruptedException {
        pool.start(spec("a")).release(Duration.ZERO);

        assertThat(started.get(0).isClosed()).isTrue();
        assertThat(pool.tryHot(spec("a").key())).isEmpty();
        assertThat(pool.status()).isEmpty();
    }

    @Test
    void veryLongKeepAlivesDoNotOverflow() throws InterruptedException {
        for (Duration long1 :
                List.of(Duration.ofDays(365_000), Duration.ofSeconds(Long.MAX_VALUE))) {
            PooledSandbox call = pool.start(spec("a" + long1));
            call.release(long1);
            advance(Duration.ofDays(365));
            pool.expire();

            assertThat(pool.tryHot(spec("a" + long1).key())).isPresent();
        }
    }

    @Test
    void refusesNegativeKeepAlives() throws InterruptedException {
        PooledSandbox call = pool.start(spec("a"));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> call.release(Duration.ofNanos(-1)))
                .withMessageContaining("0 or more");
    }

    @Test
    void overlappingCallsGetSandboxesOfTheirOwn() throws InterruptedException {
        PooledSandbox first = pool.start(spec("a"));
        PooledSandbox second = pool.start(spec("a"));
        first.release(KEEP_ALIVE);
        advance(Duration.ofSeconds(6));
        second.release(KEEP_ALIVE);

        assertThat(pool.tryHot(spec("a").key()).orElseThrow().sandbox())
                .as("the one used last")
                .isSameAs(second.sandbox());
        advance(Duration.ofSeconds(5));
        assertThat(pool.tryHot(spec("a").key())).as("the other has expired").isEmpty();
    }

    @Test
    void keysShareNothing() throws InterruptedException {
        pool.start(spec("a")).release(KEEP_ALIVE);

        assertThat(pool.tryHot(spec("b").key())).isEmpty();
    }

    @Test
    void neverLendsADeadSandbox() throws InterruptedException {
        pool.start(spec("a")).release(KEEP_ALIVE);
        started.get(0).die();

        assertThat(pool.tryHot(spec("a").key())).isEmpty();
        pool.expire();
        assertThat(started.get(0).isClosed()).isTrue();
        assertThat(pool.status()).isEmpty();
    }

    @Test
    void closesASandboxThatDiedInItsCall() throws InterruptedException {
        PooledSandbox call = pool.start(spec("a"));
        started.get(0).die();

        call.release(KEEP_ALIVE);

        assertThat(started.get(0).isClosed()).isTrue();
    }

    @Test
    void closesADiscardedSandbox() throws InterruptedException {
        PooledSandbox call = pool.start(spec("a"));

        call.discard();
        call.discard();
        call.release(KEEP_ALIVE);

        assertThat(started.get(0).isClosed()).isTrue();
        assertThat(pool.status()).isEmpty();
    }

    @Test
    void releasingTwiceDoesNotLendTwice() throws InterruptedException {
        PooledSandbox call = pool.start(spec("a"));
        call.release(KEEP_ALIVE);
        PooledSandbox next = pool.tryHot(spec("a").key()).orElseThrow();

        call.release(KEEP_ALIVE);
        call.discard();

        assertThat(pool.tryHot(spec("a").key())).isEmpty();
        assertThat(next.sandbox().isUsable()).isTrue();
    }

    @Test
    void evictsTheIdleOneThatWasUsedLeastRecently() throws InterruptedException {
        pool.start(spec("a")).release(KEEP_ALIVE);
        pool.start(spec("b")).release(KEEP_ALIVE);
        pool.start(spec("c")).release(KEEP_ALIVE);
        pool.tryHot(spec("a").key()).orElseThrow().release(KEEP_ALIVE);

        pool.start(spec("d"));

        assertThat(started)
                .extracting(FakeSandbox::isClosed)
                .containsExactly(false, true, false, false);
        assertThat(pool.tryHot(spec("a").key())).isPresent();
    }

    @Test
    void neverEvictsABusyOne() throws InterruptedException {
        pool.start(spec("a"));
        pool.start(spec("b")).release(KEEP_ALIVE);
        pool.start(spec("c"));

        pool.start(spec("d"));

        assertThat(started)
                .extracting(FakeSandbox::isClosed)
                .containsExactly(false, true, false, false);
    }

    @Test
    void waitsForRoomWhileAllAreBusy() throws Exception {
        PooledSandbox first = pool.start(spec("a"));
        pool.start(spec("b"));
        pool.start(spec("c"));
        CompletableFuture<PooledSandbox> waiting = startElsewhere(spec("d"));
        await().during(Duration.ofMillis(50)).until(() -> !waiting.isDone());

        first.release(KEEP_ALIVE);

        assertThat(waiting.get().hot()).isFalse();
        assertThat(started.get(0).isClosed()).isTrue();
    }

    @Test
    void aWaitingStartTakesAHotOneOfItsKey() throws Exception {
        PooledSandbox first = pool.start(spec("a"));
        pool.start(spec("b"));
        pool.start(spec("c"));
        CompletableFuture<PooledSandbox> waiting = startElsewhere(spec("a"));
        await().during(Duration.ofMillis(50)).until(() -> !waiting.isDone());

        first.release(KEEP_ALIVE);

        assertThat(waiting.get().hot()).isTrue();
        assertThat(waiting.get().sandbox()).isSameAs(first.sandbox());
    }

    @Test
    void doesNotWaitForRoomBeyondTheStartTimeout() throws InterruptedException {
        HotPool small = pool(1);
        small.start(spec("a"));
        SandboxSpec spec = spec("b");
        SandboxSpec impatient =
                new SandboxSpec(
                        spec.key(),
                        spec.machineType(),
                        List.of(),
                        spec.dataFolder(),
                        Duration.ofMillis(20));

        assertThatExceptionOfType(StartFailedException.class)
                .isThrownBy(() -> small.start(impatient))
                .matches(StartFailedException::isTimeout)
                .withMessageContaining("all 1 sandboxes");
    }

    @Test
    void aFailedStartLeavesItsRoomToOthers() throws InterruptedException {
        List<Boolean> failures = new ArrayList<>(List.of(true, false));
        HotPool small =
                new HotPool(
                        spec -> {
                            if (failures.remove(0)) {
                                throw StartFailedException.failed("no", null);
                            }
                            return new FakeSandbox();
                        },
                        1,
                        now::get);

        assertThatExceptionOfType(StartFailedException.class)
                .isThrownBy(() -> small.start(spec("a")));

        assertThat(small.start(spec("a")).hot()).isFalse();
    }

    @Test
    void tellsWhatThereIs() throws InterruptedException {
        pool.start(spec("a")).release(KEEP_ALIVE);
        pool.start(spec("b"));
        advance(Duration.ofSeconds(4));

        assertThat(pool.status())
                .containsExactly(
                        new HotStatus(
                                spec("a").key(),
                                spec("a").machineType(),
                                true,
                                Duration.ofSeconds(6)),
                        new HotStatus(
                                spec("b").key(), spec("b").machineType(), false, Duration.ZERO));
    }

    @Test
    void closingEndsAllAndRefusesMore() throws Exception {
        pool.start(spec("a")).release(KEEP_ALIVE);
        PooledSandbox busy = pool.start(spec("b"));
        PooledSandbox other = pool.start(spec("c"));

        pool.close();
        pool.close();
        busy.release(KEEP_ALIVE);
        other.discard();

        assertThat(started).hasSize(3).allMatch(FakeSandbox::isClosed);
        assertThat(pool.tryHot(spec("a").key())).isEmpty();
        assertThat(pool.status()).isEmpty();
        assertThatIllegalStateException()
                .isThrownBy(() -> pool.start(spec("a")))
                .withMessageContaining("closed");
    }

    @Test
    void closingWakesThoseWhoWait() throws Exception {
        HotPool small = pool(1);
        small.start(spec("a"));
        CompletableFuture<PooledSandbox> waiting =
                CompletableFuture.supplyAsync(() -> start(small, spec("b")));
        await().during(Duration.ofMillis(50)).until(() -> !waiting.isDone());

        small.close();

        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(waiting::get)
                .withCauseInstanceOf(IllegalStateException.class);
    }

    @Test
    void aPlaceThatIsLentIsThereUntilItIsTakenBack() throws InterruptedException {
        HotPool small = pool(1);
        PooledSandbox waits = small.start(spec("a"));

        small.lendPlace();
        small.start(spec("b")).release(KEEP_ALIVE);
        small.expire();
        assertThat(started).noneMatch(FakeSandbox::isClosed);

        small.takePlaceBack();
        small.expire();
        assertThat(started.get(0).isClosed()).isFalse();
        assertThat(started.get(1).isClosed()).isTrue();
        waits.release(KEEP_ALIVE);
        small.expire();
        assertThat(started.get(0).isClosed()).isFalse();
    }

    @Test
    void needsRoom() {
        assertThatIllegalArgumentException().isThrownBy(() -> pool(0));
    }

    private HotPool pool(int maxLive) {
        return new HotPool(
                spec -> {
                    FakeSandbox sandbox = new FakeSandbox();
                    started.add(sandbox);
                    return sandbox;
                },
                maxLive,
                now::get);
    }

    private CompletableFuture<PooledSandbox> startElsewhere(SandboxSpec spec) {
        return CompletableFuture.supplyAsync(() -> start(pool, spec));
    }

    private static PooledSandbox start(HotPool pool, SandboxSpec spec) {
        try {
            return pool.start(spec);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private void advance(Duration duration) {
        now.addAndGet(duration.toNanos());
    }

    private static SandboxSpec spec(String name) {
        return new SandboxSpec(
                SandboxKey.of(name, "", List.of(), "M", Map.of()),
                MachineTypes.find("M").orElseThrow(),
                List.of(),
                Path.of("/data"),
                Duration.ofSeconds(20));
    }
}
