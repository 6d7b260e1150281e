package dev.athanor.dispatcher.schedule;

import dev.athanor.dispatcher.database.Database;
import dev.athanor.dispatcher.outbox.TaskRows;
import dev.athanor.schemas.FunctionSpec;
import dev.athanor.schemas.Invocation;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;

/**
 * Schedules of all tenants, each of which sees its own only. Every method needs the database and
 * throws {@link dev.athanor.dispatcher.database.DatabaseException} when that does not answer. Safe
 * for any number of threads.
 */
public final class Schedules {
    /** Names what is done when a schedule's time has come; its instances are tenant and name. */
    public static final String TASK = "schedule";

    /** How many a tenant may have. */
    public static final int MOST = 1_000;

    private static final int MOST_FIRINGS = 1_000;

    private final Database database;
    private final ScheduleBlobs blobs;
    private final ScheduleFirings firings;
    private final InstantSource clock;

    /**
     * What is given stays its giver's to close.
     *
     * @param readers makes a consumer without a group, for the blobs of a tenant
     * @param producer with {@code acks=all}
     */
    public Schedules(
            Database database,
            Function<String, Consumer<byte[], byte[]>> readers,
            Producer<byte[], byte[]> producer,
            InstantSource clock) {
        this.database = database;
        this.blobs = new ScheduleBlobs(readers, producer);
        this.firings = new ScheduleFirings(database, blobs, clock);
        this.clock = clock;
    }

    /**
     * What a schedule is to be.
     *
     * @param name 1 to 128 letters, digits, '.', '-' and '_', the first a letter or digit
     * @param cron five fields, as Unix has them
     * @param zone whose clock they are of, such as {@code Europe/Berlin}
     */
    public record Plan(String name, String cron, String zone, MissedFirings missed) {}

    /**
     * Makes a schedule, or puts it in the place of the one of that name. Its jobs are as the
     * template says, with deadlines as far from their beginning as the template's.
     *
     * @return the schedule, and whether it is new
     * @throws IllegalArgumentException when a name, an expression or a zone is none, or there are
     *     too many
     * @throws dev.athanor.schemas.blob.BlobGoneException when a blob of the template is not there
     */
    public Put put(String tenant, Plan plan, Invocation template) {
        if (!ScheduleKey.isName(plan.name())) {
            throw new IllegalArgumentException(
                    "'%s' is no name: 1 to 128 letters, digits, '.', '-' and '_'"
                            .formatted(plan.name()));
        }
        Instant now = Instant.ofEpochMilli(clock.millis());
        CronTimes times = CronTimes.parse(plan.cron(), plan.zone());
        FunctionSpec function = ScheduleBlobs.function(template);
        Schedule schedule =
                new Schedule(
                        plan.name(),
                        times.expression(),
                        times.zone().getId(),
                        plan.missed(),
                        false,
                        function.getName(),
                        function.getMachineType(),
                        now,
                        times.after(now));
        ScheduleKey key = new ScheduleKey(tenant, plan.name());
        boolean isNew =
                database.transaction(connection -> {
                    boolean isThere = ScheduleRows.lock(connection, key).isPresent();
                    if (!isThere && ScheduleRows.list(connection, tenant).size() >= MOST) {
                        throw new IllegalArgumentException(
                                "a tenant has %,d schedules at most".formatted(MOST));
                    }
                    StoredSchedule stored =
                            new StoredSchedule(schedule, UUID.randomUUID(), template, now);
                    ScheduleRows.put(connection, tenant, stored);
                    blobs.keep(connection, key, template);
                    at(connection, key, schedule.nextAt());
                    return !isThere;
                });
        return new Put(schedule, isNew);
    }

    /** What was made. */
    public record Put(Schedule schedule, boolean isNew) {}

    /** A tenant's schedules by their names. */
    public List<Schedule> list(String tenant) {
        return database.transaction(connection -> ScheduleRows.list(connection, tenant));
    }

    /** The schedule of that name. */
    public Optional<Schedule> find(String tenant, String name) {
        ScheduleKey key = new ScheduleKey(tenant, name);
        return database.transaction(
                connection -> ScheduleRows.lock(connection, key).map(StoredSchedule::schedule));
    }

    /** Deletes a schedule; jobs that it made go on. False when there is none. */
    public boolean delete(String tenant, String name) {
        ScheduleKey key = new ScheduleKey(tenant, name);
        return database.transaction(connection -> {
            TaskRows.remove(connection, TASK, key.toString());
            return ScheduleRows.delete(connection, key);
        });
    }

    /**
     * Keeps a schedule from firing, or lets it fire again from now on: what it would have fired
     * meanwhile is not made up for. Empty when there is none.
     */
    public Optional<Schedule> pause(String tenant, String name, boolean paused) {
        ScheduleKey key = new ScheduleKey(tenant, name);
        return database.transaction(connection -> {
            Optional<StoredSchedule> found = ScheduleRows.lock(connection, key);
            if (found.isPresent() && found.get().schedule().paused() != paused) {
                Optional<Instant> next =
                        paused ? Optional.empty() : found.get().times().after(clock.instant());
                ScheduleRows.pause(connection, key, paused, next);
                at(connection, key, next);
            }
            return ScheduleRows.lock(connection, key).map(StoredSchedule::schedule);
        });
    }

    private static void at(Connection connection, ScheduleKey key, Optional<Instant> next)
            throws SQLException {
        if (next.isPresent()) {
            TaskRows.add(connection, TASK, key.toString(), next.get());
            TaskRows.move(connection, TASK, key.toString(), next.get());
        } else {
            TaskRows.remove(connection, TASK, key.toString());
        }
    }

    /**
     * Makes a job of a schedule now, paused or not.
     *
     * @return its id; empty: there is no such schedule
     */
    public Optional<String> runNow(String tenant, String name) {
        return firings.runNow(new ScheduleKey(tenant, name));
    }

    /**
     * What became of the times of a schedule in the last 30 days, the newest first; empty when
     * there is no such schedule.
     *
     * @param limit how many at most, 1 to 1,000
     * @throws IllegalArgumentException when the limit is none
     */
    public Optional<List<Firing>> firings(String tenant, String name, int limit) {
        if (limit < 1 || limit > MOST_FIRINGS) {
            throw new IllegalArgumentException(
                    "the limit must be 1 to %,d, got %,d".formatted(MOST_FIRINGS, limit));
        }
        ScheduleKey key = new ScheduleKey(tenant, name);
        return database.transaction(connection ->
                ScheduleRows.lock(connection, key).isEmpty()
                        ? Optional.empty()
                        : Optional.of(ScheduleRows.firings(connection, key, limit)));
    }

    /**
     * Sees to the times of a schedule that have come.
     *
     * @param instance of {@link #TASK}
     * @return when the next one comes; empty: none does for now
     */
    public Optional<Instant> fire(String instance) {
        return ScheduleKey.parse(instance).flatMap(firings::run);
    }
}
