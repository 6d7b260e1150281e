package dev.athanor.environment.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.athanor.environment.isolation.Isolation;
import dev.athanor.environment.sandbox.CallResult.Succeeded;
import dev.athanor.environment.testing.Calls;
import dev.athanor.environment.testing.Functions;
import dev.athanor.environment.testing.Launchers;
import dev.athanor.environment.testing.RecordedLines;
import dev.athanor.runtime.protocol.LogStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

@ParameterizedClass
@MethodSource("dev.athanor.environment.isolation.Enclosures#here")
class SandboxOutputIT {
    @Parameter private Isolation isolation;

    private Launchers launchers;
    private Sandbox sandbox;
    private final RecordedLines lines = new RecordedLines();

    @BeforeEach
    void launch() throws Exception {
        launchers = new Launchers(isolation);
        sandbox = launchers.launcher().launch(launchers.spec("XS"));
    }

    @AfterEach
    void close() throws IOException {
        sandbox.close();
        launchers.close();
    }

    @Test
    void linesArriveWhileTheFunctionRuns() throws Exception {
        Path seen = launchers.data().resolve("seen");
        CompletableFuture<CallResult> result =
                sandbox.invoke(
                        Calls.of(Functions.printingAndWaiting("live", launchers.seenData("seen"))),
                        lines);

        await().until(() -> lines.lines().contains("STDOUT live"));
        assertThat(result).isNotDone();

        Files.createFile(seen);
        assertThat(result.get()).isInstanceOf(Succeeded.class);
    }

    @Test
    void allLinesHaveArrivedWhenTheCallEnds() throws Exception {
        for (int i = 0; i < 50; i++) {
            RecordedLines once = new RecordedLines();

            sandbox.invoke(Calls.of(Functions.printing("ä€\r\n\nlast", "oops\n")), once).get();

            assertThat(once.lines())
                    .containsExactlyInAnyOrder(
                            "STDOUT ä€", "STDOUT ", "STDOUT last", "STDERR oops");
        }
    }

    @Test
    void aMillionLinesArriveInOrderOrAreCounted() throws Exception {
        AtomicLong received = new AtomicLong();
        AtomicLong outOfOrder = new AtomicLong();
        long[] last = {-1};

        Succeeded result =
                (Succeeded)
                        sandbox.invoke(
                                        Calls.of(Functions.printingLines(1_000_000)),
                                        (stream, text) -> {
                                            long number =
                                                    Long.parseLong(
                                                            text.substring(
                                                                    "line number ".length()));
                                            received.incrementAndGet();
                                            if (number <= last[0]) {
                                                outOfOrder.incrementAndGet();
                                            }
                                            last[0] = number;
                                        })
                                .get();

        assertThat(received.get()).isGreaterThan(100_000);
        assertThat(received.get() + result.droppedLogLines()).isEqualTo(1_000_000);
        assertThat(outOfOrder.get()).isZero();
        assertThat(sandbox.isUsable()).isTrue();
    }

    @Test
    void aSlowListenerHoldsTheFunctionUp() throws Exception {
        CountDownLatch listening = new CountDownLatch(1);
        AtomicLong received = new AtomicLong();
        CompletableFuture<CallResult> result =
                sandbox.invoke(
                        Calls.of(Functions.printingLines(100_000)),
                        (stream, text) -> {
                            // Once open, nothing is to be waited for: a wait polls every 100 ms.
                            if (listening.getCount() > 0) {
                                await().until(() -> listening.getCount() == 0);
                            }
                            received.incrementAndGet();
                        });

        await().during(Duration.ofMillis(300)).until(() -> !result.isDone());
        listening.countDown();

        assertThat(result.get()).isInstanceOf(Succeeded.class);
        assertThat(received.get() + ((Succeeded) result.get()).droppedLogLines())
                .isEqualTo(100_000);
    }

    @Test
    void outputOfChildProcessesBelongsToTheCall() throws Exception {
        for (int i = 0; i < 20; i++) {
            RecordedLines once = new RecordedLines();

            sandbox.invoke(Calls.of(Functions.printingFromAChild()), once).get();

            assertThat(once.lines())
                    .containsExactlyInAnyOrder(
                            "STDOUT from child", "STDERR child error", "STDOUT no end");
        }
    }

    @Test
    void outputBetweenCallsIsDropped() throws Exception {
        Path go = launchers.data().resolve("go");
        Path done = launchers.data().resolve("done");
        sandbox.invoke(
                        Calls.of(
                                Functions.printingLate(
                                        launchers.seenData("go"), launchers.seenData("done"))),
                        lines)
                .get();

        Files.createFile(go);
        await().until(() -> Files.exists(done));
        sandbox.invoke(Calls.of(Functions.hello()), lines).get();

        assertThat(lines.lines()).isEmpty();
    }

    @Test
    void aListenerThatThrowsEndsTheSandboxAndSaysSo() throws Exception {
        CallResult result =
                sandbox.invoke(
                                Calls.of(Functions.printingLines(1)),
                                (LogStream stream, String text) -> {
                                    throw new IllegalStateException("listener broke");
                                })
                        .get();

        assertThat(result)
                .isInstanceOfSatisfying(
                        CallResult.Died.class,
                        died -> assertThat(died.message()).contains("listener broke"));
        assertThat(sandbox.isUsable()).isFalse();
    }
}
