package dev.athanor.dispatcher.http;

import dev.athanor.dispatcher.schedule.MissedFirings;
import dev.athanor.dispatcher.schedule.Schedule;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A schedule; times are in ISO 8601.
 *
 * @param nextAt when it fires next; null: it is paused, or there is no such time
 */
record ScheduleAnswer(
        String name,
        String cron,
        String zone,
        MissedFirings missed,
        boolean paused,
        String function,
        String machineType,
        String createdAt,
        @Nullable String nextAt) {
    static ScheduleAnswer of(Schedule schedule) {
        return new ScheduleAnswer(
                schedule.name(),
                schedule.cron(),
                schedule.zone(),
                schedule.missed(),
                schedule.paused(),
                schedule.function(),
                schedule.machineType(),
                schedule.createdAt().toString(),
                schedule.nextAt().map(Instant::toString).orElse(null));
    }
}
