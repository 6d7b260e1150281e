package dev.athanor.agent.slot;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class FetchSizeTest {
    private static final Duration SHORT = Duration.ofNanos(100_000);
    private static final Duration LONG = Duration.ofSeconds(1);

    private final FetchSize fetchSize = new FetchSize();

    @Test
    void takesOneAtFirst() {
        observe(SHORT, 10);

        assertThat(fetchSize.isWide()).isFalse();
    }

    @Test
    void widensAfterAFewDozenShortCalls() {
        observe(SHORT, 40);

        assertThat(fetchSize.isWide()).isTrue();
    }

    @Test
    void oneLongCallAmongManyShortOnesChangesNothing() {
        observe(SHORT, 200);

        observe(LONG, 1);

        assertThat(fetchSize.isWide()).isTrue();
    }

    @Test
    void severalLongCallsNarrow() {
        observe(SHORT, 200);

        observe(LONG, 5);

        assertThat(fetchSize.isWide()).isFalse();
    }

    @Test
    void betweenTheBoundsItStaysAsItIs() {
        Duration between = Duration.ofMillis(3);
        observe(between, 200);
        assertThat(fetchSize.isWide()).isFalse();

        observe(SHORT, 200);
        observe(between, 200);

        assertThat(fetchSize.isWide()).isTrue();
    }

    private void observe(Duration call, int times) {
        for (int time = 0; time < times; time++) {
            fetchSize.observe(call);
        }
    }
}
