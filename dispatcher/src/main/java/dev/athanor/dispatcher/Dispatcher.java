package dev.athanor.dispatcher;

import dev.athanor.dispatcher.metrics.DispatcherMetrics;
import dev.athanor.dispatcher.supervision.Supervision;
import dev.athanor.schemas.agents.AgentView;
import dev.athanor.schemas.cluster.ClusterSetup;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.apache.kafka.clients.admin.Admin;

/** A dispatcher: today, the supervision of a cluster. Safe for any number of threads. */
public final class Dispatcher implements AutoCloseable {
    private static final Duration CLUSTER_TIMEOUT = Duration.ofSeconds(30);

    private final Supervision supervision;

    private Dispatcher(Supervision supervision) {
        this.supervision = supervision;
    }

    /**
     * Sets the cluster up where something is missing, and starts.
     *
     * @param registry takes the dispatcher's meters; stays its giver's to close
     * @throws dev.athanor.schemas.cluster.ClusterUnreachableException when Kafka does not answer
     * @throws dev.athanor.schemas.cluster.UnsupportedClusterException when it is too old
     */
    public static Dispatcher start(
            DispatcherConfig config, MeterRegistry registry, InstantSource clock)
            throws InterruptedException {
        ClientSettings clients =
                new ClientSettings(config.bootstrapServers(), config.id(), config.kafka());
        try (Admin admin = Admin.create(clients.admin())) {
            new ClusterSetup(admin, CLUSTER_TIMEOUT).apply(List.of(config.tenant()), List.of());
        }
        return new Dispatcher(
                Supervision.start(
                        config, clients, new DispatcherMetrics(registry), System::nanoTime, clock));
    }

    /** Whether it does its work: it has its share of the leases and knows the agents. */
    public boolean isReady() {
        return supervision.isRunning();
    }

    /** The agents as this process sees them. */
    public AgentView agents() {
        return supervision.agents();
    }

    @Override
    public void close() {
        supervision.close();
    }
}
