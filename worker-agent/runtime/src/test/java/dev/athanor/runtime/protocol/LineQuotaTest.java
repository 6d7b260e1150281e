package dev.athanor.runtime.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LineQuotaTest {

    private static final int LINE = 1024 - LineQuota.LINE_OVERHEAD_BYTES;

    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 10);
    private final LineQuota quota = new LineQuota(now::get);

    @Test
    void admitsABurst() {
        assertThat(admitted()).isEqualTo(8 * 1024);
    }

    @Test
    void admitsItsRateAfterTheBurst() {
        admitted();

        now.addAndGet(TimeUnit.SECONDS.toNanos(1));

        assertThat(admitted()).isEqualTo(2 * 1024);
    }

    @Test
    void neverSavesUpMoreThanABurst() {
        admitted();

        now.addAndGet(TimeUnit.DAYS.toNanos(300));

        assertThat(admitted()).isEqualTo(8 * 1024);
    }

    @Test
    void emptyLinesCountAsWell() {
        int admitted = 0;
        while (quota.admits(0)) {
            admitted++;
        }

        assertThat(admitted).isEqualTo(8 * 1024 * 1024 / LineQuota.LINE_OVERHEAD_BYTES);
    }

    private int admitted() {
        int admitted = 0;
        while (quota.admits(LINE)) {
            admitted++;
        }
        return admitted;
    }
}
