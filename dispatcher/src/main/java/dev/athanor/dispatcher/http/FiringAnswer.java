package dev.athanor.dispatcher.http;

import dev.athanor.dispatcher.schedule.Firing;
import org.jspecify.annotations.Nullable;

/**
 * What became of a time of a schedule; times are in ISO 8601.
 *
 * @param job its id; null: it was skipped
 */
record FiringAnswer(String fireAt, Firing.Kind kind, String decidedAt, @Nullable String job) {
    static FiringAnswer of(Firing firing) {
        return new FiringAnswer(
                firing.fireAt().toString(),
                firing.kind(),
                firing.decidedAt().toString(),
                firing.job().orElse(null));
    }
}
