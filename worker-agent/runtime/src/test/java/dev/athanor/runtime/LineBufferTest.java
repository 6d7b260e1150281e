package dev.athanor.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.runtime.protocol.LineQuota;
import dev.athanor.runtime.protocol.LogStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class LineBufferTest {

    private final LineBuffer buffer = new LineBuffer(LogStream.STDOUT, new LineQuota(() -> 0));

    @Test
    void givesOutWholeLinesAndKeepsTheRest() {
        assertThat(appendAll("one\ntwo\nthr")).isEqualTo(11);

        assertThat(buffer.hasLines()).isTrue();
        assertThat(text(buffer.take(false))).isEqualTo("one\ntwo\n");
        assertThat(buffer.hasLines()).isFalse();

        appendAll("ee\n");
        assertThat(text(buffer.take(false))).isEqualTo("three\n");
    }

    @Test
    void givesOutAnIncompleteLineWhenAsked() {
        appendAll("no end");

        assertThat(buffer.take(false)).isEmpty();
        assertThat(text(buffer.take(true))).isEqualTo("no end");
        assertThat(buffer.take(true)).isEmpty();
    }

    @Test
    void takesNoMoreThanItHolds() {
        String line = "x".repeat(1023) + "\n";
        int lines = 0;
        while (buffer.append(bytes(line), 0, 1024) == 1024) {
            lines++;
        }

        assertThat(lines).isEqualTo(LineBuffer.CAPACITY / 1024 - 1);
        assertThat(appendAll(line)).isZero();

        buffer.take(false);
        assertThat(appendAll(line)).isPositive();
    }

    @Test
    void splitsLinesThatAreTooLong() {
        appendAll("x".repeat(LineBuffer.MAX_LINE_BYTES + 10) + "\n");

        assertThat(text(buffer.take(false)).lines().map(String::length))
                .containsExactly(LineBuffer.MAX_LINE_BYTES, 10);
    }

    @Test
    void neverSplitsWithinACharacter() {
        for (String character : new String[] {"ä", "€", "😀"}) {
            for (int shift = 0; shift < 4; shift++) {
                String line = "x".repeat(shift) + character.repeat(LineBuffer.MAX_LINE_BYTES / 2);
                appendAll(line + "\n");

                String taken = text(buffer.take(false));

                assertThat(taken.replace("\n", "").equals(line)).isTrue();
                assertThat(taken.lines().count()).isBetween(2L, 3L);
            }
        }
    }

    @Test
    void survivesBytesThatAreNoText() {
        byte[] noise = new byte[LineBuffer.MAX_LINE_BYTES * 2];
        Arrays.fill(noise, (byte) 0x80);

        int from = 0;
        while (from < noise.length) {
            from += buffer.append(noise, from, noise.length - from);
        }

        assertThat(buffer.take(true)).hasSizeBetween(noise.length, noise.length + 3);
    }

    @Test
    void countsWhatItDrops() {
        byte[] line = bytes("x".repeat(999) + "\n");
        long taken = 0;
        for (int i = 0; i < 20_000; i++) {
            buffer.append(line, 0, line.length);
            taken += buffer.take(false).length / line.length;
        }

        assertThat(taken).isBetween(8_000L, 8_388L);
        assertThat(buffer.clear()).isEqualTo(20_000 - taken);
        assertThat(buffer.clear()).isZero();
    }

    @Test
    void keepsTheLineBeforeAndAfterADroppedOne() {
        LineBuffer small = new LineBuffer(LogStream.STDOUT, exhaustedAfter(2));
        byte[] lines = bytes("a\nb\nc\nd");
        int from = 0;
        while (from < lines.length) {
            from += small.append(lines, from, lines.length - from);
        }

        assertThat(text(small.take(false))).isEqualTo("a\nb\n");
        assertThat(small.clear()).isEqualTo(1);
    }

    private static LineQuota exhaustedAfter(int shortLines) {
        LineQuota quota = new LineQuota(() -> 0);
        int spare = 0;
        LineQuota probe = new LineQuota(() -> 0);
        while (probe.admits(0)) {
            spare++;
        }
        for (int i = 0; i < spare - shortLines - 1; i++) {
            quota.admits(0);
        }
        return quota;
    }

    private int appendAll(String text) {
        byte[] bytes = bytes(text);
        int from = 0;
        int count;
        do {
            count = buffer.append(bytes, from, bytes.length - from);
            from += count;
        } while (count > 0 && from < bytes.length);
        return from;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
