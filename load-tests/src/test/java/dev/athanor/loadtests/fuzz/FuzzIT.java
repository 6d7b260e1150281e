package dev.athanor.loadtests.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The short form of {@code athanor bench fuzz}. */
@Timeout(value = 8, unit = TimeUnit.MINUTES)
class FuzzIT {
    private static final int RECORDS = 20_000;

    @TempDir private Path folder;

    @Test
    void everythingStillWorksAndEveryRecordIsAccountedFor() throws Exception {
        ByteArrayOutputStream text = new ByteArrayOutputStream();

        FuzzFindings findings =
                FuzzRun.run(
                        RECORDS, 42, folder, new PrintStream(text, true, StandardCharsets.UTF_8));

        assertThat(findings.missing()).as(text.toString(StandardCharsets.UTF_8)).isZero();
        assertThat(findings.groupDeadLetters()).isZero();
        assertThat(findings.slotsServing()).isEqualTo(FuzzCluster.SLOTS);
        assertThat(findings.whole()).isTrue();
        assertThat(findings.deadLetters()).isGreaterThan(RECORDS / 20);
        assertThat(findings.ended()).isGreaterThan(RECORDS / 50);
    }
}
