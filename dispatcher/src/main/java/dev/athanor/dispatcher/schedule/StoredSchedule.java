package dev.athanor.dispatcher.schedule;

import dev.athanor.schemas.Invocation;
import java.time.Instant;
import java.util.UUID;

/**
 * A schedule with what it fires.
 *
 * @param generation new each time that it is made anew
 * @param template of which each firing makes its own invocation
 * @param blobsAt when its blobs were last written to Kafka
 */
record StoredSchedule(Schedule schedule, UUID generation, Invocation template, Instant blobsAt) {
    CronTimes times() {
        return CronTimes.parse(schedule.cron(), schedule.zone());
    }
}
