package dev.athanor.agent.life;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LifeTest {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final AtomicLong ticks = new AtomicLong(Long.MAX_VALUE - SECOND);
    private final InstantSource clock = InstantSource.fixed(Instant.ofEpochMilli(1_000));
    private final Life life = new Life(Duration.ofSeconds(10), ticks::get, clock);

    @Test
    void aLifeThatNobodyKnowsOfIsNotOver() throws Exception {
        ticks.addAndGet(60 * SECOND);

        assertThat(life.current().isOver()).isFalse();
        assertThat(life.current().awaitAnnounced(Duration.ZERO)).isFalse();
    }

    @Test
    void aLifeIsOverWhenNoHeartbeatWasDurableForTooLong() {
        Life.Span span = life.current();
        span.beat(ticks.get(), Set.of());

        ticks.addAndGet(10 * SECOND - 1);
        assertThat(span.isOver()).isFalse();
        ticks.addAndGet(1);
        assertThat(span.isOver()).isTrue();
    }

    @Test
    void aHeartbeatCountsFromWhenItWasSent() {
        Life.Span span = life.current();
        long sentAt = ticks.get();
        ticks.addAndGet(4 * SECOND);
        span.beat(sentAt, Set.of());

        ticks.addAndGet(6 * SECOND);

        assertThat(span.isOver()).isTrue();
    }

    @Test
    void theNextLifeHasALargerEpochAndTheLastStaysOver() {
        Life.Span last = life.current();
        last.beat(ticks.get(), Set.of());

        life.renew();
        last.beat(ticks.get(), Set.of());

        assertThat(last.isOver()).isTrue();
        assertThat(life.current().epoch()).isGreaterThan(last.epoch());
        assertThat(life.current().isOver()).isFalse();
    }

    @Test
    void onlyWhatADurableHeartbeatSaidIsKnown() {
        Life.Span span = life.current();
        assertThat(span.isKnownToTakeMany("M")).isFalse();

        span.beat(ticks.get(), Set.of("M", "XS"));
        span.onlyTheseTakeMany(Set.of("XS", "S"));

        assertThat(span.isKnownToTakeMany("M")).isFalse();
        assertThat(span.isKnownToTakeMany("XS")).isTrue();
        assertThat(span.isKnownToTakeMany("S")).isFalse();
    }
}
