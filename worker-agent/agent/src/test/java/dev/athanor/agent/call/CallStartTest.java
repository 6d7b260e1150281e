package dev.athanor.agent.call;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CallStartTest {
    private final CallStart start = new CallStart();
    private final List<Boolean> written = new ArrayList<>();

    @Test
    void aStartThatNobodyJudgesByIsNotWrittenDown() throws Exception {
        assertThat(start.start()).isTrue();
        assertThat(written).isEmpty();
    }

    @Test
    void aStartIsWrittenDownOnceOthersJudgeByIt() throws Exception {
        assertThat(start.note(written::add)).isTrue();
        assertThat(start.start()).isTrue();

        assertThat(written).containsExactly(false, true);
    }

    @Test
    void aNoteTellsOfAStartThatWasTaken() throws Exception {
        assertThat(start.start()).isTrue();
        assertThat(start.note(written::add)).isTrue();

        assertThat(written).containsExactly(true);
    }

    @Test
    void whatCannotBeWrittenDownDoesNotStart() throws Exception {
        assertThat(start.note(started -> !started)).isTrue();

        assertThat(start.start()).isFalse();
        assertThat(start.prevent()).isTrue();
    }

    @Test
    void eitherItStartsOrItIsPrevented() throws Exception {
        assertThat(start.prevent()).isTrue();
        assertThat(start.start()).isFalse();
        assertThat(CallStart.begun().prevent()).isFalse();
    }
}
