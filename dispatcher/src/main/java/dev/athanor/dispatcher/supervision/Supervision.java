package dev.athanor.dispatcher.supervision;

import dev.athanor.dispatcher.DispatcherConfig;
import dev.athanor.dispatcher.metrics.DispatcherMetric;
import dev.athanor.dispatcher.metrics.DispatcherMetrics;
import dev.athanor.schemas.agents.AgentDirectory;
import dev.athanor.schemas.agents.AgentView;
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
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(10);

    private final AgentDirectory agents;
    private final LeaseWatch leases;
    private final GroupDeadLetterWatch deadLetters;
    private final Lanes lanes;
    private final Thread leaseThread;
    private final Thread deadLetterThread;

    private Supervision(
            AgentDirectory agents,
            LeaseWatch leases,
            GroupDeadLetterWatch deadLetters,
            Lanes lanes) {
        this.agents = agents;
        this.leases = leases;
        this.deadLetters = deadLetters;
        this.lanes = lanes;
        this.leaseThread = Thread.ofPlatform().name("supervision").start(leases);
        this.deadLetterThread = Thread.ofPlatform().name("dead-letter-alarm").start(deadLetters);
    }

    /** Begins to supervise. */
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
        LeaseWatch leases =
                new LeaseWatch(
                        () -> clients.member(GROUP, false),
                        partition ->
                                Rescuer.takeOver(
                                        clients.transactional(GROUP + "." + partition.partition()),
                                        config.tenant(),
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
                Lanes.watch(config, clients, agents::view, ticker, clock));
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
        lanes.close();
        agents.close();
    }
}
