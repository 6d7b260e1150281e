package dev.athanor.agent.cancel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.agent.cancel.Cancellations.Effect;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class CancellationsTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final Optional<String> ACME = Optional.of("acme");
    private static final Optional<String> EVIL = Optional.of("evil");
    private static final Optional<String> OPERATOR = Optional.empty();

    private final AtomicReference<Instant> now = new AtomicReference<>(START);
    private final Cancellations cancellations = new Cancellations(now::get);

    @Test
    void aCallIsStoppedByItsTenantOnly() {
        CallStop stop = cancellations.watch(new CallId("acme", "id"));

        assertThat(cancellations.cancel(EVIL, "id", START)).isEqualTo(Effect.REFUSED);
        assertThat(stop.isRequested()).isFalse();
        assertThat(cancellations.cancel(ACME, "id", START)).isEqualTo(Effect.STOPPED);
        assertThat(stop.isRequested()).isTrue();
    }

    @Test
    void anOperatorStopsAnyCall() {
        CallStop stop = cancellations.watch(new CallId("acme", "id"));

        assertThat(cancellations.cancel(OPERATOR, "id", START)).isEqualTo(Effect.STOPPED);
        assertThat(stop.isRequested()).isTrue();
        assertThat(cancellations.cancel(OPERATOR, "later", START)).isEqualTo(Effect.NOTED);
        assertThat(cancellations.isCancelled(new CallId("acme", "later"))).isTrue();
    }

    @Test
    void whatComesLaterIsCancelledForItsTenantOnly() {
        assertThat(cancellations.cancel(EVIL, "id", START)).isEqualTo(Effect.NOTED);

        assertThat(cancellations.isCancelled(new CallId("acme", "id"))).isFalse();
        assertThat(cancellations.isCancelled(new CallId("evil", "id"))).isTrue();
        assertThat(cancellations.watch(new CallId("acme", "id")).isRequested()).isFalse();
        assertThat(cancellations.watch(new CallId("evil", "id")).isRequested()).isTrue();
    }

    @Test
    void oneTenantsManyMakeNobodyElsesForgotten() {
        cancellations.cancel(ACME, "id", START);
        for (int i = 0; i < Cancellations.MAX_REMEMBERED + 10; i++) {
            cancellations.cancel(EVIL, "evil-" + i, START);
        }

        assertThat(cancellations.isCancelled(new CallId("acme", "id"))).isTrue();
        assertThat(cancellations.isCancelled(new CallId("evil", "evil-0"))).isFalse();
        int last = Cancellations.MAX_REMEMBERED + 9;
        assertThat(cancellations.isCancelled(new CallId("evil", "evil-" + last))).isTrue();
    }

    @Test
    void whatNoQueueCanHoldAnyMoreIsForgotten() {
        cancellations.cancel(ACME, "old", START);
        now.set(START.plus(Duration.ofDays(9)));
        cancellations.cancel(ACME, "new", now.get());

        assertThat(cancellations.isCancelled(new CallId("acme", "old"))).isFalse();
        assertThat(cancellations.isCancelled(new CallId("acme", "new"))).isTrue();
    }
}
