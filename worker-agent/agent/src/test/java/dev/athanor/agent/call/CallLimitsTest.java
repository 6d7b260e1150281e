package dev.athanor.agent.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.athanor.schemas.Limits;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class CallLimitsTest {
    private static final Instant NOW = Instant.ofEpochMilli(1_000_000);
    private static final CallLimits DEFAULTS = CallLimits.defaults();

    @Test
    void limitThatIsNotSetIsTheDefault() {
        for (long unset : new long[] {0, -1, Long.MIN_VALUE}) {
            Limits limits = new Limits(0L, 0L, unset, unset, unset);

            assertThat(DEFAULTS.execution(limits, NOW)).isEqualTo(DEFAULTS.execution());
            assertThat(DEFAULTS.start(limits)).isEqualTo(DEFAULTS.start());
            assertThat(DEFAULTS.build(limits)).isEqualTo(DEFAULTS.build());
        }
    }

    @Test
    void limitThatIsSetCounts() {
        assertThat(DEFAULTS.execution(new Limits(0L, 0L, 1_500L, 0L, 0L), NOW))
                .isEqualTo(Duration.ofMillis(1_500));
    }

    @Test
    void noAttemptGoesOnAfterTheOverallDeadline() {
        long now = NOW.toEpochMilli();

        assertThat(DEFAULTS.execution(new Limits(0L, now + 700, 1_500L, 0L, 0L), NOW))
                .isEqualTo(Duration.ofMillis(700));
        assertThat(DEFAULTS.execution(new Limits(0L, now - 700, 1_500L, 0L, 0L), NOW))
                .isPositive()
                .isLessThan(Duration.ofMillis(10));
        assertThat(DEFAULTS.execution(new Limits(0L, Long.MAX_VALUE, 1_500L, 0L, 0L), NOW))
                .isEqualTo(Duration.ofMillis(1_500));
    }

    @Test
    void longestLimitCanBeCountedInNanoseconds() {
        Limits limits = new Limits(0L, 0L, Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE);

        assertThatCode(DEFAULTS.execution(limits, NOW)::toNanos).doesNotThrowAnyException();
        assertThatCode(DEFAULTS.start(limits)::toNanos).doesNotThrowAnyException();
        assertThatCode(DEFAULTS.build(limits)::toNanos).doesNotThrowAnyException();
    }
}
