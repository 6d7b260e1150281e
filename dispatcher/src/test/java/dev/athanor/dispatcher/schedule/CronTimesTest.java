package dev.athanor.dispatcher.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CronTimesTest {
    @Test
    void timesAreThoseOfTheZone() {
        assertThat(next("0 3 * * 1-5", "Europe/Berlin", "2026-11-27T12:00:00Z", 2))
                .containsExactly("2026-11-30T02:00:00Z", "2026-12-01T02:00:00Z");
        assertThat(next("*/15 * * * *", "UTC", "2026-11-27T12:15:00Z", 2))
                .containsExactly("2026-11-27T12:30:00Z", "2026-11-27T12:45:00Z");
    }

    @Test
    void aTimeThatTheClockLeavesOutDoesNotComeThatDay() {
        // At 02:00 it is 03:00 in Berlin on 2026-03-29.
        assertThat(next("30 2 * * *", "Europe/Berlin", "2026-03-28T12:00:00Z", 1))
                .containsExactly("2026-03-30T00:30:00Z");
        assertThat(next("30 * * * *", "Europe/Berlin", "2026-03-29T00:00:00Z", 2))
                .containsExactly("2026-03-29T00:30:00Z", "2026-03-29T01:30:00Z");
    }

    @Test
    void aTimeThatTheClockShowsTwiceComesOnce() {
        // At 03:00 it is 02:00 again in Berlin on 2026-10-25.
        assertThat(next("30 2 * * *", "Europe/Berlin", "2026-10-24T12:00:00Z", 2))
                .containsExactly("2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z");
        assertThat(next("30 * * * *", "Europe/Berlin", "2026-10-25T00:00:00Z", 3))
                .containsExactly(
                        "2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z", "2026-10-25T02:30:00Z");
    }

    @Test
    void whatIsNoExpressionOrZoneIsRefused() {
        for (String wrong :
                List.of(
                        "",
                        "* * * *",
                        "60 * * * *",
                        "0 0 * * * *",
                        "often",
                        "-",
                        "@daily",
                        "0 0 31 2 *",
                        "\0",
                        "* ".repeat(999))) {
            assertThatThrownBy(() -> CronTimes.parse(wrong, "UTC"))
                    .as(wrong)
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> CronTimes.parse("* * * * *", "Mars/Olympus"))
                .hasMessageContaining("Mars/Olympus");
    }

    private static List<String> next(String expression, String zone, String from, int count) {
        CronTimes times = CronTimes.parse(expression, zone);
        List<String> found = new ArrayList<>();
        Instant at = Instant.parse(from);
        for (int i = 0; i < count; i++) {
            at = times.after(at).orElseThrow();
            found.add(at.toString());
        }
        return found;
    }
}
