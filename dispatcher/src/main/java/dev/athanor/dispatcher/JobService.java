package dev.athanor.dispatcher;

import dev.athanor.dispatcher.batch.Batches;
import dev.athanor.dispatcher.call.PayloadBlobs;
import dev.athanor.dispatcher.database.Database;
import dev.athanor.dispatcher.deadletter.DeadLetters;
import dev.athanor.dispatcher.function.Functions;
import dev.athanor.dispatcher.job.Jobs;
import dev.athanor.dispatcher.job.WrittenJobs;
import dev.athanor.dispatcher.ledger.Ledger;
import dev.athanor.dispatcher.metrics.DispatcherMetrics;
import dev.athanor.dispatcher.schedule.Schedules;
import dev.athanor.dispatcher.timer.Timers;
import dev.athanor.dispatcher.webhook.Webhooks;
import dev.athanor.schemas.agents.AgentView;
import dev.athanor.schemas.keys.Trust;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.Producer;

/** What a dispatcher with a database has beyond supervision. */
final class JobService implements AutoCloseable {
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(5);

    private final Database database;
    private final Ledger ledger;
    private final Producer<byte[], byte[]> producer;
    private final Admin admin;
    private final Jobs jobs;
    private final DeadLetters deadLetters;
    private final Schedules schedules;
    private final Webhooks webhooks;
    private final Timers timers;
    private final Functions functions;
    private final Batches batches;

    private JobService(
            Database database,
            Ledger ledger,
            Schedules schedules,
            Webhooks webhooks,
            Timers timers,
            Producer<byte[], byte[]> producer,
            Admin admin,
            Jobs jobs,
            DeadLetters deadLetters,
            Functions functions,
            Batches batches) {
        this.database = database;
        this.ledger = ledger;
        this.schedules = schedules;
        this.webhooks = webhooks;
        this.timers = timers;
        this.producer = producer;
        this.admin = admin;
        this.jobs = jobs;
        this.deadLetters = deadLetters;
        this.functions = functions;
        this.batches = batches;
    }

    /**
     * @param database closed with this
     * @param agents who is there to run jobs
     */
    static JobService start(
            Database database,
            ClientSettings clients,
            Trust trust,
            Supplier<AgentView> agents,
            DispatcherConfig config,
            DispatcherMetrics metrics,
            LongSupplier ticker,
            InstantSource clock) {
        Ledger ledger =
                Ledger.start(
                        database,
                        () -> clients.member(Ledger.GROUP, false),
                        clients::blobs,
                        metrics,
                        ticker,
                        clock);
        Producer<byte[], byte[]> producer = clients.promptProducer("jobs");
        Admin admin = clients.admin("jobs");
        Jobs jobs =
                new Jobs(
                        database,
                        ledger,
                        trust,
                        config.maxQueuedJobs(),
                        producer,
                        admin,
                        clients::blobs,
                        () -> clients.follower("job-logs"),
                        ticker,
                        clock);
        DeadLetters deadLetters =
                new DeadLetters(() -> clients.follower("dead-letters"), trust, jobs, ticker, clock);
        Schedules schedules = new Schedules(database, clients::blobs, producer, clock);
        WrittenJobs written = new WrittenJobs(database, ledger, admin);
        Webhooks webhooks = new Webhooks(database, written, config.privateWebhooks(), clock);
        Timers timers =
                Timers.start(
                        database,
                        schedules,
                        webhooks,
                        written,
                        trust,
                        clients::transactional,
                        admin,
                        clock);
        Functions functions =
                new Functions(database, jobs, new PayloadBlobs(producer, clients::blobs), clock);
        Batches batches =
                new Batches(
                        database,
                        ledger,
                        jobs,
                        trust,
                        producer,
                        clients::transactional,
                        clients::batchProducer,
                        () -> clients.follower("batches"),
                        agents,
                        config.patience(),
                        ticker,
                        clock);
        return new JobService(
                database,
                ledger,
                schedules,
                webhooks,
                timers,
                producer,
                admin,
                jobs,
                deadLetters,
                functions,
                batches);
    }

    boolean isWorking() {
        return ledger.isWorking() && batches.isWorking();
    }

    Jobs jobs() {
        return jobs;
    }

    DeadLetters deadLetters() {
        return deadLetters;
    }

    Functions functions() {
        return functions;
    }

    Batches batches() {
        return batches;
    }

    Schedules schedules() {
        return schedules;
    }

    Webhooks webhooks() {
        return webhooks;
    }

    @Override
    public void close() {
        timers.close();
        batches.close();
        webhooks.close();
        ledger.close();
        producer.close(CLOSE_PATIENCE);
        admin.close(CLOSE_PATIENCE);
        database.close();
    }
}
