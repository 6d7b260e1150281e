package dev.athanor.environment.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.environment.testing.RecordedLines;
import dev.athanor.runtime.protocol.LogStream;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class OutputPipeTest {

    private final RecordedLines lines = new RecordedLines();

    @Test
    void passesLinesOn() {
        pipe("one\n\nzwölf\nno end").run();

        assertThat(lines.lines())
                .containsExactly("STDERR one", "STDERR ", "STDERR zwölf", "STDERR no end");
    }

    @Test
    void splitsEndlessLines() {
        pipe("x".repeat(40_000)).run();

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

        pipe.run();

        assertThat(received.get()).isGreaterThan(100_000).isLessThan(1_000_000);
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
        RunningCall call = new RunningCall(1, lines);
        call.lines(LogStream.STDOUT, bytes("a\r\nb\nc"));
        call.end(new CallResult.Died(new ExitStatus(1, false), "x"));
        call.line(LogStream.STDOUT, "late");

        assertThat(lines.lines()).containsExactly("STDOUT a", "STDOUT b", "STDOUT c");
        assertThat(call.result()).isCompleted();
    }

    private OutputPipe pipe(String text) {
        return new OutputPipe(new ByteArrayInputStream(bytes(text)), LogStream.STDERR, lines);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
