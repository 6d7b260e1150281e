package dev.athanor.dispatcher.supervision;

import dev.athanor.dispatcher.DispatcherConfig;
import dev.athanor.dispatcher.metrics.DispatcherMetric;
import dev.athanor.dispatcher.metrics.DispatcherMetrics;
import dev.athanor.schemas.agents.AgentDirectory;
import dev.athanor.schemas.agents.AgentView;
import dev.athanor.schemas.cluster.ClusterUnreachableException;
import dev.athanor.schemas.keys.Trust;
import dev.athanor.schemas.keys.TrustBase;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * Runs again elsewhere what agents died with, and raises the alarm for what Kafka gave up. Any
 * number of supervisors share the work; a single one does all of it. Safe for any number of
 * threads.
 */
public final class Supervision implements AutoCloseable {
    private static final String GROUP = "athanor.supervision";
    private static final String ALARM_GROUP = "athanor.supervision.alarm";
    private static final int CONFIRMATIONS_PER_PATIENCE = 10;
    private static final Duration KEYS_TIMEOUT = Duration.ofSeconds(30);
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(10);

    private final AgentDirectory agents;
    private final LeaseWatch leases;
    private final GroupDeadLetterWatch deadLetters;
    private final Lanes lanes;
    private final MachineTypes machineTypes;
    private final TrustBase trust;
    private final Thread leaseThread;
    private final Thread deadLetterThread;

    private Supervision(
            AgentDirectory agents,
            LeaseWatch leases,
            GroupDeadLetterWatch deadLetters,
            Lanes lanes,
            MachineTypes machineTypes,
            TrustBase trust) {
        this.agents = agents;
        this.leases = leases;
        this.deadLetters = deadLetters;
        this.lanes = lanes;
        this.machineTypes = machineTypes;
        this.trust = trust;
        this.leaseThread = Thread.ofPlatform().name("supervision").start(leases);
        this.deadLetterThread = Thread.ofPlatform().name("dead-letter-alarm").start(deadLetters);
    }

    /**
     * Begins to supervise.
     *
     * @throws ClusterUnreachableException when the keys, where there are any, cannot be read
     */
    public static Supervision start(
            DispatcherConfig config,
            SupervisionClients clients,
            DispatcherMetrics metrics,
            LongSupplier ticker,
            InstantSource clock) {
        AgentDirectory agents =
                AgentDirectory.follow(
                        clients.follower("agents"),
                        ticker,
                        config.patience().dividedBy(CONFIRMATIONS_PER_PATIENCE));
        TrustBase trust =
                TrustBase.open(
                        config.credentials(),
                        config.tenant(),
                        () -> clients.follower("keys"),
                        metrics::refused,
                        clock);
        if (!trust.awaitReady(KEYS_TIMEOUT)) {
            trust.close();
            agents.close();
            throw new ClusterUnreachableException("the keys were not read in time", null);
        }
        LeaseWatch leases =
                new LeaseWatch(
                        () -> clients.member(GROUP, false),
                        partition ->
                                Rescuer.takeOver(
                                        clients.transactional(GROUP + "." + partition.partition()),
                                        trust.trust(),
                                        config.attempts(),
                                        clock),
                        agents::view,
                        config.patience(),
                        metrics,
                        ticker);
        metrics.gauge(DispatcherMetric.LIVE_AGENTS, () -> live(agents.view(), config.patience()));
        metrics.gauge(DispatcherMetric.LEASES, leases::leases);
        metrics.show(DispatcherMetric.LOST);
        metrics.show(DispatcherMetric.UNDECODABLE);
        metrics.show(DispatcherMetric.GROUP_DEAD_LETTERS);
        return new Supervision(
                agents,
                leases,
                new GroupDeadLetterWatch(() -> clients.member(ALARM_GROUP, true), metrics),
                Lanes.watch(config, clients, trust.trust(), agents::view, ticker, clock),
                MachineTypes.watch(
                        clients, agents::view, leases::holdsFirst, config.patience(), ticker),
                trust);
    }

    private static long live(AgentView view, Duration patience) {
        return view.agents().stream()
                .filter(agent -> view.silence(agent).compareTo(patience) < 0)
                .count();
    }

    /** The agents as this process sees them. */
    public AgentView agents() {
        return agents.view();
    }

    /** What is believed of records, and of who asks for something. */
    public TrustBase trustBase() {
        return trust;
    }

    /** What is believed of records. */
    public Trust trust() {
        return trust.trust();
    }

    /** Whether it watches its share of the leases. */
    public boolean isRunning() {
        return leaseThread.isAlive() && leases.isAssigned() && agents.view().isComplete();
    }

    @Override
    public void close() {
        leases.stop();
        deadLetters.stop();
        try {
            leaseThread.join(CLOSE_PATIENCE);
            deadLetterThread.join(CLOSE_PATIENCE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        machineTypes.close();
        lanes.close();
        trust.close();
        agents.close();
    }
}
