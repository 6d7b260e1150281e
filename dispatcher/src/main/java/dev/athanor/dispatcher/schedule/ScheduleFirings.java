package dev.athanor.dispatcher.schedule;

import dev.athanor.dispatcher.database.Database;
import dev.athanor.dispatcher.outbox.AttemptKey;
import dev.athanor.dispatcher.outbox.Outbox;
import dev.athanor.dispatcher.outbox.WaitingAttempt;
import dev.athanor.schemas.Codec;
import dev.athanor.schemas.Invocation;
import dev.athanor.schemas.InvocationEnvelope;
import dev.athanor.schemas.job.Deadlines;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Makes jobs of schedules whose time has come. That a time is over, what became of it and the job
 * that waits in the outbox are written in one transaction: so a time is seen to once, whoever dies
 * when. Safe for any number of threads and processes.
 */
final class ScheduleFirings {
    /** By how much a time may be late without having been missed. */
    private static final Duration ON_TIME = Duration.ofMinutes(1);

    /** What is older is not made up for. */
    private static final Duration OLDEST = Duration.ofDays(7);

    /** Kafka keeps blobs for eight days, and jobs may wait in their queues for some. */
    private static final Duration RENEW_AFTER = Duration.ofDays(1);

    private final Database database;
    private final ScheduleBlobs blobs;
    private final InstantSource clock;

    ScheduleFirings(Database database, ScheduleBlobs blobs, InstantSource clock) {
        this.database = database;
        this.blobs = blobs;
        this.clock = clock;
    }

    /**
     * Sees to the times of a schedule that have come.
     *
     * @return when the next one comes; empty: none does for now
     */
    Optional<Instant> run(ScheduleKey key) {
        return database.transaction(connection -> {
            Optional<StoredSchedule> found = ScheduleRows.lock(connection, key);
            if (found.isEmpty() || found.get().schedule().paused()) {
                return Optional.empty();
            }
            Optional<Instant> due = found.get().schedule().nextAt();
            Instant now = clock.instant();
            if (due.isEmpty() || due.get().isAfter(now)) {
                return due;
            }
            CronTimes times = found.get().times();
            Instant last = last(times, due.get(), now);
            if (isFired(found.get().schedule().missed(), last, now)) {
                fire(connection, key, found.get(), Firing.Kind.TIME, last);
            } else {
                Firing skipped = new Firing(last, Firing.Kind.SKIPPED, now, Optional.empty());
                ScheduleRows.fired(connection, key, skipped);
            }
            Optional<Instant> next = times.after(now);
            ScheduleRows.pause(connection, key, false, next);
            return next;
        });
    }

    /** The last of its times until now; of those long ago any will do. */
    private static Instant last(CronTimes times, Instant due, Instant now) {
        Instant oldest = now.minus(OLDEST);
        Instant last = due;
        Optional<Instant> next = times.after(due.isBefore(oldest) ? oldest : due);
        while (next.isPresent() && !next.get().isAfter(now)) {
            last = next.get();
            next = times.after(last);
        }
        return last;
    }

    private static boolean isFired(MissedFirings missed, Instant last, Instant now) {
        Duration longest =
                switch (missed) {
                    case ONCE -> OLDEST;
                    case SKIP -> ON_TIME;
                };
        return Duration.between(last, now).compareTo(longest) <= 0;
    }

    /**
     * Makes a job now.
     *
     * @return its id; empty: there is no such schedule
     */
    Optional<String> runNow(ScheduleKey key) {
        return database.transaction(connection -> {
            Optional<StoredSchedule> found = ScheduleRows.lock(connection, key);
            return found.isEmpty()
                    ? Optional.empty()
                    : Optional.of(
                            fire(
                                    connection,
                                    key,
                                    found.get(),
                                    Firing.Kind.BY_HAND,
                                    Instant.ofEpochMilli(clock.millis())));
        });
    }

    private String fire(
            Connection connection,
            ScheduleKey key,
            StoredSchedule stored,
            Firing.Kind kind,
            Instant fireAt)
            throws SQLException {
        Instant now = clock.instant();
        UUID job = FiringId.of(key, stored.generation(), kind, fireAt);
        StoredSchedule fresh = fresh(connection, key, stored, now);
        InvocationEnvelope envelope =
                InvocationEnvelope.newBuilder()
                        .setInvocation(
                                ByteBuffer.wrap(
                                        Codec.current()
                                                .encode(invocation(fresh.template(), job, now))))
                        .setTenant(key.tenant())
                        .build();
        Outbox.add(
                connection,
                List.of(
                        new WaitingAttempt(
                                new AttemptKey(key.tenant(), job, 1),
                                stored.schedule().machineType(),
                                now.toEpochMilli(),
                                Codec.current().encode(envelope))));
        ScheduleRows.fired(
                connection, key, new Firing(fireAt, kind, now, Optional.of(job.toString())));
        return job.toString();
    }

    private StoredSchedule fresh(
            Connection connection, ScheduleKey key, StoredSchedule stored, Instant now)
            throws SQLException {
        if (stored.blobsAt().isAfter(now.minus(RENEW_AFTER))) {
            return stored;
        }
        StoredSchedule renewed =
                new StoredSchedule(
                        stored.schedule(),
                        stored.generation(),
                        blobs.renewed(connection, key, stored.template()),
                        now);
        ScheduleRows.moved(connection, key, renewed, now);
        return renewed;
    }

    private static Invocation invocation(Invocation template, UUID job, Instant now) {
        return Invocation.newBuilder(template)
                .setCorrelationId(job.toString())
                .setCreatedAt(now.toEpochMilli())
                .setLimits(Deadlines.from(now.toEpochMilli(), template))
                .build();
    }
}
