package dev.athanor.dispatcher;

import dev.athanor.dispatcher.database.Database;
import dev.athanor.dispatcher.job.Jobs;
import dev.athanor.dispatcher.metrics.DispatcherMetrics;
import dev.athanor.dispatcher.supervision.Supervision;
import dev.athanor.schemas.agents.AgentView;
import dev.athanor.schemas.cluster.ClusterSetup;
import io.micrometer.core.instrument.MeterRegistry;
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

    private Dispatcher(Supervision supervision, Optional<JobService> jobs) {
        this.supervision = supervision;
        this.jobs = jobs;
    }

    /**
     * Sets the cluster up where something is missing, and starts.
     *
     * @param registry takes the dispatcher's meters; stays its giver's to close
     * @throws dev.athanor.schemas.cluster.ClusterUnreachableException when Kafka does not answer
     * @throws dev.athanor.schemas.cluster.UnsupportedClusterException when it is too old
     * @throws dev.athanor.dispatcher.database.DatabaseException when the database does not answer
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
            return new Dispatcher(
                    supervision,
                    database.map(each ->
                            JobService.start(
                                    each,
                                    clients,
                                    supervision.trust(),
                                    metrics,
                                    System::nanoTime,
                                    clock)));
        } catch (RuntimeException e) {
            database.ifPresent(Database::close);
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

    @Override
    public void close() {
        jobs.ifPresent(JobService::close);
        supervision.close();
    }
}
