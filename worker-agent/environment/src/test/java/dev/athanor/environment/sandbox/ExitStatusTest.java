package dev.athanor.environment.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExitStatusTest {

    @ParameterizedTest
    @CsvSource({
        "0, exited with status 0 (System.exit?)",
        "3, exited with status 3 (System.exit?)",
        "128, exited with status 128 (System.exit?)",
        "255, exited with status 255 (System.exit?)",
        "85, ran out of memory",
        "86, ended because its runtime failed (status 86)",
        "134, crashed with signal 6 (abort)",
        "137, was killed by signal 9 (out of memory on the machine?)",
        "139, crashed with signal 11 (segmentation fault)",
        "143, was killed by signal 15"
    })
    void saysWhatHappened(int code, String description) {
        assertThat(new ExitStatus(code, false).description("System.exit")).isEqualTo(description);
    }

    @Test
    void knowsItsOwnDoing() {
        assertThat(new ExitStatus(137, true).description("System.exit"))
                .isEqualTo("was stopped by its agent");
        assertThat(new ExitStatus(85, true).isOutOfMemory()).isFalse();
        assertThat(new ExitStatus(85, false).isOutOfMemory()).isTrue();
    }

    @Test
    void whatEndedWithItsEngineIsLost() {
        assertThat(new ExitStatus(ExitStatus.LOST, false).isLost()).isTrue();
        assertThat(new ExitStatus(ExitStatus.LOST, true).isLost()).isFalse();
        assertThat(new ExitStatus(ExitStatus.LOST, false).description("System.exit"))
                .isEqualTo("was lost with the engine that ran it");
    }
}
