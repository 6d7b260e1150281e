package dev.athanor.agent.life;

import java.time.Duration;

/**
 * How an agent beats.
 *
 * @param every how often it beats while nothing changes; 1 s by default
 * @param patience after how long without a durable heartbeat it gives up what it runs, which is
 *     also how long the cluster's supervision waits for one; more than {@code every}, 10 s by
 *     default
 */
public record BeatSettings(Duration every, Duration patience) {
    public BeatSettings {
        if (every.compareTo(Duration.ZERO) <= 0 || patience.compareTo(every) <= 0) {
            throw new IllegalArgumentException(
                    "heartbeats every %s need a patience longer than that, got %s"
                            .formatted(every, patience));
        }
    }

    public static BeatSettings defaults() {
        return withPatience(Duration.ofSeconds(10));
    }

    /** Beats once a second. */
    public static BeatSettings withPatience(Duration patience) {
        return new BeatSettings(Duration.ofSeconds(1), patience);
    }
}
