package dev.athanor.dispatcher;

import dev.athanor.dispatcher.database.Database;
import dev.athanor.dispatcher.http.HttpDoor;
import dev.athanor.dispatcher.http.HttpLimits;
import dev.athanor.dispatcher.http.HttpServices;
import dev.athanor.dispatcher.job.Jobs;
import dev.athanor.dispatcher.metrics.DispatcherMetrics;
import dev.athanor.dispatcher.queue.Queues;
import dev.athanor.dispatcher.supervision.Supervision;
import dev.athanor.schemas.agents.AgentView;
import dev.athanor.schemas.cluster.ClusterSetup;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;

/**
 * A dispatcher: the supervision of a cluster and, where it has a database, the ledger of its jobs.
 * Safe for any number of threads.
 */
public final class Dispatcher implements AutoCloseable {
    private static final Duration CLUSTER_TIMEOUT = Duration.ofSeconds(30);

    private final Supervision supervision;
    private final Optional<JobService> jobs;
    private final Optional<CallService> calls;
    private final Optional<HttpDoor> door;

    private Dispatcher(
            Supervision supervision,
            Optional<JobService> jobs,
            Optional<CallService> calls,
            Optional<HttpDoor> door) {
        this.supervision = supervision;
        this.jobs = jobs;
        this.calls = calls;
        this.door = door;
    }

    /**
     * Sets the cluster up where something is missing, and starts.
     *
     * @param registry takes the dispatcher's meters; stays its giver's to close
     * @throws dev.athanor.schemas.cluster.ClusterUnreachableException when Kafka does not answer
     * @throws dev.athanor.schemas.cluster.UnsupportedClusterException when it is too old
     * @throws dev.athanor.dispatcher.database.DatabaseException when the database does not answer
     * @throws dev.athanor.dispatcher.http.HttpException when it cannot listen where it is to
     */
    public static Dispatcher start(
            DispatcherConfig config, MeterRegistry registry, InstantSource clock)
            throws InterruptedException {
        ClientSettings clients =
                new ClientSettings(config.bootstrapServers(), config.id(), config.kafka());
        try (Admin admin = Admin.create(clients.admin())) {
            new ClusterSetup(admin, CLUSTER_TIMEOUT).apply(List.of(config.tenant()), List.of());
        }
        DispatcherMetrics metrics = new DispatcherMetrics(registry);
        Optional<Database> database = config.database().map(Database::open);
        try {
            Supervision supervision =
                    Supervision.start(config, clients, metrics, System::nanoTime, clock);
            Optional<JobService> jobs =
                    database.map(each ->
                            JobService.start(
                                    each,
                                    clients,
                                    supervision.trust(),
                                    supervision::agents,
                                    config,
                                    metrics,
                                    System::nanoTime,
                                    clock));
            Dispatcher inside =
                    new Dispatcher(supervision, jobs, Optional.empty(), Optional.empty());
            return config.http().isEmpty() ? inside : inside.opened(config, clients, clock);
        } catch (RuntimeException e) {
            database.ifPresent(Database::close);
            throw e;
        }
    }

    /** This with a door for HTTP; where that does not open, this is closed. */
    private Dispatcher opened(
            DispatcherConfig config, ClientSettings clients, InstantSource clock) {
        CallService started = CallService.start(clients, supervision.trust(), clock);
        HttpServices services =
                new HttpServices(
                        supervision.trustBase(),
                        config.tenant(),
                        supervision::agents,
                        config.patience(),
                        new Queues(
                                clients.admin("queues"),
                                supervision::agents,
                                config.patience(),
                                System::nanoTime),
                        started.calls(),
                        started.blobs(),
                        jobs(),
                        jobs.map(JobService::deadLetters),
                        jobs.map(JobService::functions),
                        jobs.map(JobService::batches),
                        jobs.map(JobService::schedules),
                        jobs.map(JobService::webhooks),
                        this::isReady);
        try {
            HttpDoor opened =
                    HttpDoor.open(config.http().orElseThrow(), HttpLimits.defaults(), services);
            return new Dispatcher(supervision, jobs, Optional.of(started), Optional.of(opened));
        } catch (RuntimeException e) {
            services.queues().close();
            started.close();
            close();
            throw e;
        }
    }

    /**
     * Whether it does its work: it has its share of the leases and knows the agents, and its
     * ledger, where it has one, is being written.
     */
    public boolean isReady() {
        return supervision.isRunning() && jobs.map(JobService::isWorking).orElse(true);
    }

    /** The agents as this process sees them. */
    public AgentView agents() {
        return supervision.agents();
    }

    /** The jobs, where there is a database. */
    public Optional<Jobs> jobs() {
        return jobs.map(JobService::jobs);
    }

    /** Where it answers HTTP; empty: nowhere. */
    public Optional<URI> http() {
        return door.map(HttpDoor::uri);
    }

    @Override
    public void close() {
        // First, so that what is waited for by HTTP ends.
        calls.ifPresent(CallService::endCalls);
        door.ifPresent(HttpDoor::close);
        calls.ifPresent(CallService::close);
        jobs.ifPresent(JobService::close);
        supervision.close();
    }
}
