package dev.athanor.loadtests.guarantee;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The short form of {@code athanor bench guarantee}. */
@Timeout(value = 4, unit = TimeUnit.MINUTES)
class GuaranteeIT {
    private static final long SEED = 42;
    private static final int CALLS = 200;

    @TempDir private Path folder;

    @ParameterizedTest
    @EnumSource(Schedule.class)
    void promisesHoldWhateverDies(Schedule schedule) throws Exception {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(text, true, StandardCharsets.UTF_8);

        Findings findings =
                new GuaranteeRun(
                                RunSettings.quick(schedule, SEED, CALLS),
                                folder,
                                out,
                                InstantSource.system())
                        .run();

        new GuaranteeReport(out).print(findings, SEED);
        assertThat(findings.allHold()).as(text.toString(StandardCharsets.UTF_8)).isTrue();
        assertThat(findings.calls()).isEqualTo(CALLS);
        assertThat(findings.executions()).isGreaterThan(CALLS / 2);
        assertThat(findings.replies()).isGreaterThanOrEqualTo(CALLS);
    }
}
