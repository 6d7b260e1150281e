package dev.athanor.loadtests.guarantee;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExecutionLogTest {
    private static final PlannedCall CALL =
            new PlannedCall(7, Duration.ofMillis(3), Optional.empty());
    private static final PlannedCall OTHER =
            new PlannedCall(77, Duration.ofMillis(3), Optional.empty());

    @Test
    void startAndEndOfAnExecutionBelongTogether() {
        ExecutionLog log =
                ExecutionLog.of(
                        List.of(
                                "call-7; id-7 10 20 2000",
                                "call-7; id-7 11 21 1000",
                                "call-77; id-77 11 22 1500",
                                "call-7; id-7 10 20 2000 2500"),
                        Map.of(10L, "a", 11L, "b"));

        assertThat(log.of(CALL))
                .containsExactly(
                        new Execution("b", Instant.ofEpochSecond(1), Optional.empty()),
                        new Execution(
                                "a",
                                Instant.ofEpochSecond(2),
                                Optional.of(Instant.ofEpochMilli(2500))));
        assertThat(log.of(OTHER)).hasSize(1);
        assertThat(log.marks()).isEqualTo(Map.of("id-7", CALL.mark(), "id-77", OTHER.mark()));
    }

    @Test
    void damagedNoteIsRefused() {
        assertThatThrownBy(() -> ExecutionLog.of(List.of("call-7; 10"), Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("call-7; 10");
    }

    @Test
    void functionNotesItsExecutionAndReturnsItsOwnResult(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("notes");

        Long result = Work.run(CALL.mark(), CALL.length().toMillis(), file.toString());
        Work.run(OTHER.mark(), OTHER.length().toMillis(), file.toString());

        assertThat(result).isEqualTo(CALL.expected()).isNotEqualTo(OTHER.expected());
        assertThat(Files.readAllLines(file)).hasSize(4);
        assertThat(ExecutionLog.read(file, Map.of()).of(CALL))
                .singleElement()
                .satisfies(execution -> assertThat(execution.end()).isPresent());
    }
}
