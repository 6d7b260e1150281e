package dev.athanor.dispatcher.timer;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerName;
import com.github.kagkarlsson.scheduler.task.CompletionHandler;
import com.github.kagkarlsson.scheduler.task.ExecutionComplete;
import com.github.kagkarlsson.scheduler.task.ExecutionOperations;
import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import dev.athanor.dispatcher.database.Database;
import dev.athanor.dispatcher.job.WrittenJobs;
import dev.athanor.dispatcher.outbox.AttemptKey;
import dev.athanor.dispatcher.outbox.DueWebhook;
import dev.athanor.dispatcher.outbox.Outbox;
import dev.athanor.dispatcher.schedule.Schedules;
import dev.athanor.dispatcher.webhook.Webhooks;
import dev.athanor.schemas.keys.Trust;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does what waits in the database when its time has come. Any number of dispatchers on one database
 * share the work; what one that died had begun, another does within half a minute. While the
 * database or Kafka is away everything waits, and is late. Safe for any number of threads.
 */
public final class Timers implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Timers.class);

    /** How late things are at most, but for what is before them. */
    private static final Duration LOOK_EVERY = Duration.ofMillis(500);

    private static final Duration HEARTBEAT = Duration.ofSeconds(5);

    /** After this many a process is taken for dead: the fewest that db-scheduler allows. */
    private static final int MISSED_HEARTBEATS = 4;

    private static final int THREADS = 8;
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(10);
    private static final Duration KAFKA_PATIENCE = Duration.ofSeconds(30);
    private static final Duration FIRST_BACKOFF = Duration.ofSeconds(1);
    private static final int MOST_DOUBLINGS = 5;

    private final Scheduler scheduler;
    private final AttemptTask attempts;

    private Timers(Scheduler scheduler, AttemptTask attempts) {
        this.scheduler = scheduler;
        this.attempts = attempts;
    }

    /**
     * Begins to do it. What is given stays its giver's to close, after this.
     *
     * @param producers makes a producer of a transactional id
     */
    public static Timers start(
            Database database,
            Schedules schedules,
            Webhooks webhooks,
            WrittenJobs jobs,
            Trust trust,
            Function<String, Producer<byte[], byte[]>> producers,
            Admin admin,
            InstantSource clock) {
        AttemptTask attempts =
                new AttemptTask(
                        new Outbox(database),
                        jobs,
                        trust,
                        producers,
                        id -> fence(admin, id),
                        clock);
        Scheduler scheduler =
                Scheduler.create(
                                database.source(),
                                List.<Task<?>>of(
                                        task(attempts),
                                        task(Schedules.TASK, schedules::fire),
                                        task(DueWebhook.TASK, webhooks::deliver)))
                        .schedulerName(new SchedulerName.Fixed("athanor-" + UUID.randomUUID()))
                        .clock(clock::instant)
                        .threads(THREADS)
                        .pollingInterval(LOOK_EVERY)
                        .pollUsingLockAndFetch(0.5, 1.0)
                        .heartbeatInterval(HEARTBEAT)
                        .missedHeartbeatsLimit(MISSED_HEARTBEATS)
                        .commitWhenAutocommitDisabled(true)
                        .shutdownMaxWait(CLOSE_PATIENCE)
                        .build();
        scheduler.start();
        return new Timers(scheduler, attempts);
    }

    private static Task<Void> task(AttemptTask attempts) {
        return Tasks.custom(Outbox.TASK, Void.class)
                .onFailure(Timers::again)
                .onDeadExecutionRevive()
                .execute((instance, context) -> {
                    run(attempts, instance.getId());
                    return new CompletionHandler.OnCompleteRemove<>();
                });
    }

    /**
     * @param action of an instance; says when it is to be done again, if so
     */
    private static Task<Void> task(String name, Function<String, Optional<Instant>> action) {
        return Tasks.custom(name, Void.class)
                .onFailure(Timers::again)
                .onDeadExecutionRevive()
                .execute((instance, context) -> {
                    Optional<Instant> next = action.apply(instance.getId());
                    return next.<CompletionHandler<Void>>map(
                                    time -> (complete, task) -> task.reschedule(complete, time))
                            .orElseGet(CompletionHandler.OnCompleteRemove::new);
                });
    }

    private static void run(AttemptTask attempts, String instance) {
        AttemptKey key =
                AttemptKey.parse(instance)
                        .orElseThrow(() -> new IllegalStateException("no attempt: " + instance));
        try {
            attempts.run(key);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException("interrupted", e);
        }
    }

    /** Without an end: nothing that was promised is given up because Kafka is away. */
    private static void again(ExecutionComplete failed, ExecutionOperations<Void> operations) {
        LOG.warn(
                "task={} is tried again: {}",
                failed.getExecution().getId(),
                failed.getCause().map(Throwable::toString).orElse("unknown"));
        int before = Math.min(failed.getExecution().consecutiveFailures, MOST_DOUBLINGS);
        Instant next = failed.getTimeDone().plus(FIRST_BACKOFF.multipliedBy(1L << before));
        operations.reschedule(failed, next);
    }

    static void fence(Admin admin, String transactionalId) {
        try {
            admin.fenceProducers(List.of(transactionalId))
                    .all()
                    .get(KAFKA_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new KafkaException("the producer %s is not fenced".formatted(transactionalId), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException("interrupted", e);
        }
    }

    @Override
    public void close() {
        scheduler.stop();
        attempts.close();
    }
}
