package dev.athanor.dispatcher.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import org.junit.jupiter.api.Test;

class MemberIdTest {
    private static final UUID BATCH = UUID.fromString("01a21355-39c5-70c1-adc1-441500000000");

    @Test
    void aMembersIdSaysWhichItIs() {
        UUID member = MemberId.of(BATCH, 999_999, 7);

        assertThat(member).hasToString("01a21355-39c5-70c1-adc1-44150f424007");
        assertThat(MemberId.index(member)).isEqualTo(999_999);
        assertThat(MemberId.run(member)).isEqualTo(7);
    }

    @Test
    void membersLieSideBySideByIndexAndThenByRun() {
        assertThat(MemberId.before(BATCH, 0)).isGreaterThan(BATCH);
        assertThat(MemberId.of(BATCH, 0, 0)).isGreaterThan(MemberId.before(BATCH, 0));
        assertThat(MemberId.of(BATCH, 0, 255)).isEqualTo(MemberId.before(BATCH, 1));
        assertThat(MemberId.of(BATCH, 1, 0)).isGreaterThan(MemberId.of(BATCH, 0, 255));
        assertThat(MemberId.last(BATCH)).isGreaterThan(MemberId.of(BATCH, 999_999, 255));
    }

    @Test
    void onlyWhatEndsInZerosIsABatch() {
        assertThat(MemberId.parseBatch(BATCH.toString())).contains(BATCH);
        assertThat(MemberId.parseBatch(MemberId.of(BATCH, 0, 0).toString())).isEmpty();
        assertThat(MemberId.parseBatch("01a21355-39c5-40c1-adc1-441500000000")).isEmpty();
        assertThat(MemberId.parseBatch("batch")).isEmpty();
    }
}
