package dev.athanor.api;

import static dev.athanor.api.Athanor.host;
import static dev.athanor.api.Athanor.isolated;
import static dev.athanor.api.Athanor.isolated0;
import static dev.athanor.api.Athanor.isolated1;
import static dev.athanor.api.Athanor.isolated2;
import static dev.athanor.api.Athanor.isolatedVoid;
import static dev.athanor.api.Athanor.isolatedVoid0;
import static dev.athanor.api.Athanor.isolatedVoid1;
import static dev.athanor.api.Athanor.name;
import static dev.athanor.api.Athanor.waitAtMost;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

class IsolatedFunctionTest {
    private final FakeHost running = FakeHost.running();
    private final FakeHost keeping = FakeHost.keeping();

    @Test
    void functionsOfEveryArityReturnResults() {
        assertThat(isolated(() -> "Hello World", host(running)).call()).isEqualTo("Hello World");
        assertThat(isolated((String a) -> a + "!", host(running)).call("a")).isEqualTo("a!");
        assertThat(isolated((String a, Integer b) -> a + b, host(running)).call("a", 1))
                .isEqualTo("a1");
        assertThat(
                        isolated((String a, Integer b, Long c) -> a + b + c, host(running))
                                .call("a", 1, 2L))
                .isEqualTo("a12");
        assertThat(
                        isolated(
                                        (String a, Integer b, Long c, Character d) -> a + b + c + d,
                                        host(running))
                                .call("a", 1, 2L, 'x'))
                .isEqualTo("a12x");
    }

    @Test
    void functionsWithoutResultReturnNull() {
        assertThat(isolatedVoid(() -> {}, host(running)).call()).isNull();
        assertThat(isolatedVoid((String a) -> {}, host(running)).call("a")).isNull();
        assertThat(isolatedVoid((String a, String b) -> {}, host(running)).call("a", "b")).isNull();
        assertThat(
                        isolatedVoid((String a, String b, String c) -> {}, host(running))
                                .call("a", "b", "c"))
                .isNull();
        assertThat(
                        isolatedVoid((String a, String b, String c, String d) -> {}, host(running))
                                .call("a", "b", "c", "d"))
                .isNull();
    }

    @Test
    void methodReferencesKeepTheirTypes() {
        var shout = isolated(IsolatedFunctionTest::shout, host(running));
        String loud = shout.call("hello");

        assertThat(loud).isEqualTo("HELLO");
        assertThat(isolated(String::length, host(running)).call("four")).isEqualTo(4);
    }

    @Test
    void explicitAritiesTellOverloadedMethodsApart() {
        IsolatedFunction1<String, Integer> one = isolated1(Integer::parseInt, host(running));
        IsolatedFunction2<String, Integer, Integer> two =
                isolated2(Integer::parseInt, host(running));
        IsolatedFunction<String> none = isolated0(String::new, host(running));
        IsolatedFunction1<String, Void> void1 = isolatedVoid1(Overloads::run, host(running));
        IsolatedFunction<Void> void0 = isolatedVoid0(Overloads::run, host(running));

        assertThat(one.call("12")).isEqualTo(12);
        assertThat(two.call("12", 8)).isEqualTo(10);
        assertThat(none.call()).isEmpty();
        assertThat(void1.call("x")).isNull();
        assertThat(void0.call()).isNull();
    }

    @Test
    void nullsAndArraysAreArgumentsLikeAnyOther() {
        assertThat(isolated((String a) -> a == null, host(running)).call(null)).isTrue();
        assertThat(isolated((String[] a) -> a.length, host(running)).call(new String[] {"a", "b"}))
                .isEqualTo(2);
        assertThat(running.calls.get(1).arguments()).hasSize(1);
    }

    @Test
    void submitReturnsBeforeTheResultIsThere() {
        CompletableFuture<String> result = isolated(() -> "x", host(keeping)).submit();
        assertThat(result).isNotDone();

        keeping.calls.get(0).future().complete("done");

        assertThat(result).isCompletedWithValue("done");
    }

    @Test
    void callThrowsFailuresUnwrappedAndFromWhereItIsCalled() {
        IsolatedFunction<String> failing =
                isolated(
                        () -> {
                            throw new IllegalStateException("boom");
                        },
                        host(running));

        assertThatExceptionOfType(FunctionFailedException.class)
                .isThrownBy(failing::call)
                .withCauseInstanceOf(IllegalStateException.class)
                .satisfies(e ->
                        assertThat(e.getStackTrace())
                                .anyMatch(frame -> frame.getMethodName().startsWith("callThrows")));
    }

    @Test
    void submitCompletesExceptionallyWithTheFailureItself() {
        Host refusing =
                new Host() {
                    @Override
                    public <R> CompletableFuture<R> submit(Callee<R> callee, Object... arguments) {
                        throw new UnavailableException("nobody there", null);
                    }
                };

        assertThat(isolated(() -> "x", host(refusing)).submit())
                .failsWithin(Duration.ZERO)
                .withThrowableOfType(ExecutionException.class)
                .withCauseInstanceOf(UnavailableException.class);
        assertThatExceptionOfType(UnavailableException.class)
                .isThrownBy(() -> isolated(() -> "x", host(refusing)).call());
    }

    @Test
    void waitAtMostEndsTheWaitAndNotTheCall() {
        IsolatedFunction<String> slow =
                isolated(() -> "x", host(keeping), name("slow"), waitAtMost(Duration.ofMillis(20)));

        assertThatExceptionOfType(CallerWaitException.class)
                .isThrownBy(slow::call)
                .withMessageContaining("slow")
                .withMessageContaining("PT0.02S");
        assertThat(keeping.calls.get(0).future()).isNotDone();
    }

    @Test
    void interruptionCancelsTheCallAndStaysVisible() {
        Thread.currentThread().interrupt();

        assertThatExceptionOfType(CancelledCallException.class)
                .isThrownBy(() -> isolated(() -> "x", host(keeping)).call());

        assertThat(Thread.interrupted()).isTrue();
        assertThat(keeping.calls.get(0).future()).isCancelled();
    }

    @Test
    void onLeavesTheFunctionAsItWas() {
        IsolatedFunction<String> first = isolated(() -> "x", host(running));
        IsolatedFunction<String> second = first.on(host(keeping));

        first.call();
        CompletableFuture<String> pending = second.submit();

        assertThat(running.calls).hasSize(1);
        assertThat(keeping.calls).hasSize(1);
        assertThat(pending).isNotDone();
    }

    @Test
    void functionsAreNamedInMessages() {
        assertThat(isolated(() -> "x", name("greeting"))).hasToString("greeting");
        assertThat(isolated(() -> "x"))
                .hasToString("a function of dev.athanor.api.IsolatedFunctionTest");
    }

    @Test
    void callsFromInsideASandboxGoOutByTheClassLoaderOrAreRefused() {
        System.setProperty("athanor.sandbox", "true");
        try {
            assertThatExceptionOfType(InvalidFunctionException.class)
                    .isThrownBy(() -> isolated(() -> "x").call())
                    .withMessageContaining("a copy of Athanor's classes");
        } finally {
            System.clearProperty("athanor.sandbox");
        }
    }

    private static String shout(String text) {
        return text.toUpperCase(Locale.ROOT);
    }

    private static final class Overloads {
        static void run() {}

        static void run(String a) {}
    }
}
