package dev.athanor.dispatcher.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.dispatcher.database.DatabaseException;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class QueueBoundTest {
    private final AtomicLong time = new AtomicLong();
    private final Map<String, Integer> ledger = new HashMap<>();
    private int asked;
    private boolean isAway;
    private final QueueBound bound = new QueueBound(this::count, 3, time::get);

    private int count(String tenant, String machineType, int most) {
        asked++;
        if (isAway) {
            throw new DatabaseException("away", new IOException("away"));
        }
        return Math.min(most, ledger.getOrDefault(tenant + "/" + machineType, 0));
    }

    private void pass(Duration duration) {
        time.addAndGet(duration.toNanos());
    }

    @Test
    void admitsAsManyAsMayWait() {
        ledger.put("acme/XS", 1);

        assertThat(bound.admits("acme", "XS")).isTrue();
        assertThat(bound.admits("acme", "XS")).isTrue();
        assertThat(bound.admits("acme", "XS")).isFalse();
        assertThat(asked).isEqualTo(1);
    }

    @Test
    void aTenantTakesNoRoomOfAnother() {
        ledger.put("acme/XS", 3);

        assertThat(bound.admits("acme", "XS")).isFalse();
        assertThat(bound.admits("acme", "S")).isTrue();
        assertThat(bound.admits("other", "XS")).isTrue();
    }

    @Test
    void admitsAgainSoonAfterSomeHaveStarted() {
        ledger.put("acme/XS", 3);
        assertThat(bound.admits("acme", "XS")).isFalse();
        ledger.put("acme/XS", 2);

        assertThat(bound.admits("acme", "XS")).isFalse();
        pass(Duration.ofSeconds(2));

        assertThat(bound.admits("acme", "XS")).isTrue();
        assertThat(bound.admits("acme", "XS")).isFalse();
    }

    @Test
    void findsOutWhatOthersAdmitted() {
        assertThat(bound.admits("acme", "XS")).isTrue();
        ledger.put("acme/XS", 3);
        pass(Duration.ofSeconds(11));

        assertThat(bound.admits("acme", "XS")).isFalse();
    }

    @Test
    void withoutTheDatabaseTheLastCountStays() {
        ledger.put("acme/XS", 2);
        assertThat(bound.admits("acme", "XS")).isTrue();
        isAway = true;
        pass(Duration.ofSeconds(11));

        assertThat(bound.admits("acme", "XS")).isFalse();
        assertThat(bound.admits("other", "XS")).isTrue();
    }
}
