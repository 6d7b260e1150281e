package dev.athanor.environment.build;

import java.time.Duration;
import java.util.Locale;

/** Durations for people. */
final class Durations {
    private static final double MILLIS_PER_SECOND = 1000;

    private Durations() {}

    /** Returns milliseconds below one second, else seconds with one decimal: {@code 1.2 s}. */
    static String text(Duration duration) {
        if (duration.toSeconds() == 0) {
            return duration.toMillis() + " ms";
        }
        double seconds = duration.toSeconds() + duration.toMillisPart() / MILLIS_PER_SECOND;
        return String.format(Locale.ROOT, "%.1f s", seconds);
    }
}
