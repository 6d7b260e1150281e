package dev.athanor.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SyncProgressTest {
    private static final long MIB = 1 << 20;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    private long now;

    private SyncProgress progress(long total, boolean shown) {
        return new SyncProgress("/data/x", total, out, shown, () -> now);
    }

    private List<String> drawn() {
        return List.of(bytes.toString(StandardCharsets.UTF_8).split("\r"));
    }

    @Test
    void aLineIsWrittenOverAtMostTenTimesASecond() {
        try (SyncProgress progress = progress(40 * MIB, true)) {
            progress.begin();
            for (int i = 0; i < 20; i++) {
                progress.add(MIB);
                now += TimeUnit.MILLISECONDS.toNanos(10);
            }
        }

        assertThat(drawn())
                .containsExactly(
                        "",
                        "/data/x [" + " ".repeat(30) + "] 1 of 40 MiB ",
                        "/data/x [" + "=".repeat(8) + " ".repeat(22) + "] 11 of 40 MiB ",
                        "/data/x ["
                                + "=".repeat(15)
                                + " ".repeat(15)
                                + "] 20 of 40 MiB "
                                + System.lineSeparator());
    }

    @Test
    void whatIsSentAgainIsNotMoreThanAll() {
        try (SyncProgress progress = progress(2 * MIB, true)) {
            progress.add(3 * MIB);
        }

        assertThat(drawn().get(1)).contains("] 2 of 2 MiB");
    }

    @Test
    void nothingToSendIsAllOfIt() {
        try (SyncProgress progress = progress(0, true)) {
            progress.add(0);
        }

        assertThat(drawn().get(1)).contains("[" + "=".repeat(30) + "] 0 of 0 MiB");
    }

    @Test
    void nothingIsWrittenWithoutATerminal() {
        try (SyncProgress progress = progress(MIB, false)) {
            progress.add(MIB);
        }

        assertThat(bytes.size()).isZero();
    }
}
