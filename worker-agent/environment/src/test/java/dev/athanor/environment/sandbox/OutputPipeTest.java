package dev.athanor.environment.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.environment.testing.RecordedLines;
import dev.athanor.runtime.protocol.LogStream;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class OutputPipeTest {

    private final RecordedLines lines = new RecordedLines();

    @Test
    void passesLinesOn() {
        pipe("one\n\nzwölf\nno end").endOfCall();

        assertThat(lines.lines())
                .containsExactly("STDERR one", "STDERR ", "STDERR zwölf", "STDERR no end");
    }

    @Test
    void splitsEndlessLines() {
        pipe("x".repeat(40_000)).endOfCall();

        assertThat(lines.lines()).hasSize(3);
    }

    @Test
    void countsWhatItDrops() {
        AtomicLong received = new AtomicLong();
        OutputPipe pipe =
                new OutputPipe(
                        new ByteArrayInputStream(bytes("0123456789\n".repeat(1_000_000))),
                        LogStream.STDOUT,
                        (stream, text) -> received.incrementAndGet());

        long dropped = pipe.endOfCall();

        assertThat(received.get()).isGreaterThan(100_000).isLessThan(1_000_000);
        assertThat(received.get() + dropped).isEqualTo(1_000_000);
    }

    @Test
    void theEndOfACallTakesWhatTheDrainingThreadHasNotSeenYet() throws Exception {
        CountDownLatch isStalled = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        List<String> seen = new CopyOnWriteArrayList<>();
        PipedInputStream in = new PipedInputStream(1 << 10);
        PipedOutputStream out = new PipedOutputStream(in);
        OutputPipe pipe =
                new OutputPipe(
                        in,
                        LogStream.STDOUT,
                        (stream, text) -> {
                            if (seen.isEmpty()) {
                                isStalled.countDown();
                                await(goOn);
                            }
                            seen.add(text);
                        });
        out.write(bytes("first\nsecond\n"));
        Thread draining = new Thread(pipe::drain);
        draining.start();
        await(isStalled);
        out.write(bytes("third\nno end"));

        CompletableFuture<Long> end = CompletableFuture.supplyAsync(pipe::endOfCall);
        goOn.countDown();

        assertThat(end.get(10, TimeUnit.SECONDS)).isZero();
        assertThat(seen).containsExactly("first", "second", "third", "no end");
        draining.join();
    }

    @Test
    void theEndOfACallWaitsForNothingThatIsWrittenLater() throws Exception {
        InputStream endless =
                new InputStream() {
                    @Override
                    public int read() {
                        return '\n';
                    }

                    @Override
                    public int available() {
                        return 10;
                    }
                };
        OutputPipe pipe = new OutputPipe(endless, LogStream.STDERR, lines);

        pipe.endOfCall();

        assertThat(lines.lines()).hasSize(10);
    }

    @Test
    void linesOutsideACallAreKeptForTheRecord() {
        NativeLines kept = new NativeLines(new RunningCalls());
        for (int i = 0; i < 12; i++) {
            kept.line(LogStream.STDERR, "line " + i);
        }

        assertThat(kept.kept()).startsWith("line 2; ").endsWith("; line 11");
    }

    @Test
    void linesAfterTheEndOfACallAreDropped() {
        RunningCall call =
                new RunningCall(
                        1,
                        "test",
                        lines,
                        NestedCalls.none(),
                        new OpenNestedCalls(0),
                        ValueSink.none());
        call.lines(LogStream.STDOUT, bytes("a\r\nb\nc"));
        call.end(new CallResult.Died(new ExitStatus(1, false), "x"));
        call.line(LogStream.STDOUT, "late");

        assertThat(lines.lines()).containsExactly("STDOUT a", "STDOUT b", "STDOUT c");
        assertThat(call.result()).isCompleted();
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private OutputPipe pipe(String text) {
        return new OutputPipe(new ByteArrayInputStream(bytes(text)), LogStream.STDERR, lines);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
