package dev.athanor.agent;

import dev.athanor.agent.call.BundleStore;
import dev.athanor.agent.call.CallRunner;
import dev.athanor.agent.call.HotElsewhere;
import dev.athanor.agent.call.KnownFunctions;
import dev.athanor.agent.call.Payloads;
import dev.athanor.agent.call.Replies;
import dev.athanor.agent.call.WarmHints;
import dev.athanor.agent.cancel.CancellationReader;
import dev.athanor.agent.cancel.Cancellations;
import dev.athanor.agent.data.AgentData;
import dev.athanor.agent.kafka.ClientSettings;
import dev.athanor.agent.kafka.Publisher;
import dev.athanor.agent.life.BeatSettings;
import dev.athanor.agent.life.Heartbeat;
import dev.athanor.agent.life.Life;
import dev.athanor.agent.metrics.AgentMetric;
import dev.athanor.agent.metrics.AgentMetrics;
import dev.athanor.agent.nested.Nests;
import dev.athanor.agent.secret.Secrets;
import dev.athanor.agent.slot.DeliveryReader;
import dev.athanor.agent.slot.Escalations;
import dev.athanor.agent.slot.Lanes;
import dev.athanor.agent.slot.Rooms;
import dev.athanor.agent.slot.Slots;
import dev.athanor.agent.stream.CreditReader;
import dev.athanor.agent.stream.Credits;
import dev.athanor.environment.build.EnvironmentBuilders;
import dev.athanor.environment.build.EnvironmentKind;
import dev.athanor.environment.build.EnvironmentStore;
import dev.athanor.environment.build.MavenEnvironmentBuilder;
import dev.athanor.environment.build.MavenOptions;
import dev.athanor.environment.build.PythonEnvironmentBuilder;
import dev.athanor.environment.build.RepositoryTrust;
import dev.athanor.environment.isolation.Isolation;
import dev.athanor.environment.isolation.IsolationChoice;
import dev.athanor.environment.isolation.LauncherParts;
import dev.athanor.environment.limits.ControlGroups;
import dev.athanor.environment.limits.Limits;
import dev.athanor.environment.limits.NoLimits;
import dev.athanor.environment.machine.MachineType;
import dev.athanor.environment.outcome.CallFailures;
import dev.athanor.environment.pool.HotPool;
import dev.athanor.environment.sandbox.ProcessLauncher;
import dev.athanor.environment.sandbox.SocketFolder;
import dev.athanor.schemas.Lane;
import dev.athanor.schemas.agents.AgentDirectory;
import dev.athanor.schemas.cluster.ClusterSetup;
import dev.athanor.schemas.cluster.ClusterUnreachableException;
import dev.athanor.schemas.cluster.LaneTopics;
import dev.athanor.schemas.keys.Trust;
import dev.athanor.schemas.keys.TrustBase;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.Producer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A worker agent: its slots, sandboxes and clients, and the order in which they start and end. Safe
 * for any number of threads.
 */
public final class Agent implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Agent.class);
    private static final Duration CLUSTER_TIMEOUT = Duration.ofSeconds(30);
    private static final Duration EXPIRE_EVERY = Duration.ofMillis(200);

    private final CloseStack resources;
    private final Slots slots;
    private final Limits limits;

    private final AgentData data;
    private final IsolationChoice isolation;

    private Agent(
            CloseStack resources,
            Slots slots,
            Limits limits,
            AgentData data,
            IsolationChoice isolation) {
        this.isolation = isolation;
        this.resources = resources;
        this.slots = slots;
        this.limits = limits;
        this.data = data;
    }

    /**
     * Sets the cluster up where something is missing, starts the agent and returns once every slot
     * has joined its share group.
     *
     * @param registry takes the agent's meters; stays its giver's to close
     * @throws IllegalArgumentException when a machine type is unknown
     * @throws dev.athanor.environment.isolation.IsolationException when the isolation that was
     *     named does not work here
     * @throws UncheckedIOException when the data folder or the data volume cannot be used
     * @throws dev.athanor.agent.data.DataVolumeException when the cluster has another data volume
     * @throws dev.athanor.schemas.cluster.ClusterUnreachableException when Kafka does not answer
     * @throws dev.athanor.schemas.cluster.UnsupportedClusterException when it is too old
     */
    public static Agent start(AgentConfig config, MeterRegistry registry, InstantSource clock)
            throws InterruptedException {
        CloseStack resources = new CloseStack();
        try {
            Limits limits = limits(config);
            return wire(config, limits, registry, clock, resources);
        } catch (RuntimeException | InterruptedException e) {
            resources.closeAfter(e);
            throw e;
        }
    }

    /** What is only declared, the operator has to know. */
    private static Limits limits(AgentConfig config) {
        Limits limits =
                config.enforcesLimits()
                        ? ControlGroups.find(true)
                        : new NoLimits("switched off by the operator");
        if (limits.isComplete()) {
            LOG.info("limits: {}", limits.description());
        } else {
            LOG.warn("limits: {}", limits.description());
        }
        return limits;
    }

    private static Agent wire(
            AgentConfig config,
            Limits limits,
            MeterRegistry registry,
            InstantSource clock,
            CloseStack resources)
            throws InterruptedException {
        Map<String, MachineType> machineTypes = machineTypes(config);
        ClientSettings clients =
                new ClientSettings(config.bootstrapServers(), config.id(), config.kafka());
        Admin admin = resources.add(Admin.create(clients.admin()));
        new ClusterSetup(admin, CLUSTER_TIMEOUT)
                .apply(List.of(config.tenant()), config.slots().keySet());

        AgentMetrics metrics = new AgentMetrics(registry);
        Trust trust = trust(config, clients, metrics, clock, resources);
        Producer<byte[], byte[]> producer = resources.add(clients.producer());
        Publisher publisher = new Publisher(producer, trust);
        Payloads payloads =
                resources.add(
                        new Payloads(
                                producer, clients::blobConsumer, config.limits().payloadBytes()));
        BundleStore bundles = new BundleStore(folder(config, "bundles"), payloads);
        EnvironmentStore environments =
                resources.add(
                        new EnvironmentStore(
                                folder(config, "environments"),
                                environmentBuilders(config),
                                clock));
        ScheduledExecutorService timer =
                resources.add(
                        Executors.newSingleThreadScheduledExecutor(
                                Thread.ofPlatform().name("agent-timer").factory()));
        IsolationChoice isolation = resources.add(isolation(config, limits, admin));
        AgentData data = data(config, isolation, clients, producer);
        HotPool pool =
                resources.add(
                        new HotPool(
                                isolation.launcher(data.view()),
                                config.maxSandboxes(),
                                System::nanoTime));
        ScheduledFuture<?> expiry =
                timer.scheduleWithFixedDelay(
                        () -> expire(pool),
                        EXPIRE_EVERY.toMillis(),
                        EXPIRE_EVERY.toMillis(),
                        TimeUnit.MILLISECONDS);
        resources.add(() -> expiry.cancel(false));
        ExecutorService coldThreads =
                Executors.newCachedThreadPool(Thread.ofPlatform().name("cold-call-", 0).factory());
        resources.add(coldThreads::shutdownNow);
        Replies replies =
                new Replies(config.id(), payloads, new CallFailures(config.machineTypes().all()));
        Cancellations cancellations = new Cancellations(clock);
        resources
                .add(
                        new CancellationReader(
                                () -> clients.follower("cancellations"),
                                cancellations,
                                trust,
                                metrics,
                                clock))
                .start(CLUSTER_TIMEOUT);
        Credits credits = new Credits();
        resources
                .add(new CreditReader(() -> clients.follower("credits"), credits, trust, metrics))
                .start(CLUSTER_TIMEOUT);
        WarmHints hints = new WarmHints(config.id(), config.slots(), config.warmRouting());
        AgentDirectory agents =
                resources.add(
                        AgentDirectory.follow(
                                clients.follower("agents"),
                                System::nanoTime,
                                config.beats().every()));
        OtherAgents others = new OtherAgents(agents, config.beats().patience());
        Secrets secrets =
                resources.add(
                        Secrets.open(
                                config.secretsKeyFile(),
                                () -> clients.follower("secrets"),
                                producer,
                                CLUSTER_TIMEOUT));
        KnownFunctions functions = new KnownFunctions(machineTypes, secrets::find);
        secrets.onChange(functions::forget);
        Rooms rooms = new Rooms(config.slots());
        Nests nests =
                resources.add(
                        new Nests(
                                config.limits(),
                                publisher,
                                payloads,
                                bundles,
                                admin,
                                CLUSTER_TIMEOUT,
                                clients::replyConsumer,
                                agents::view,
                                config.beats().patience(),
                                rooms,
                                pool,
                                clock));
        CallRunner runner =
                new CallRunner(
                        config.id(),
                        config.limits(),
                        environments,
                        bundles,
                        secrets,
                        pool,
                        data.volume(),
                        payloads,
                        replies,
                        hints,
                        nests,
                        elsewhere(config, agents),
                        publisher,
                        metrics,
                        cancellations,
                        credits,
                        coldThreads,
                        timer,
                        clock);
        Life life = new Life(config.beats().patience(), System::nanoTime, clock);
        Slots slots =
                new Slots(
                        config,
                        clients,
                        rooms,
                        new DeliveryReader(config.id(), trust, functions),
                        runner,
                        publisher,
                        lanes(config, admin, producer),
                        new Escalations(config.machineTypes().all(), others::serve),
                        metrics,
                        life,
                        others::takeMany,
                        clock);
        gauges(metrics, machineTypes, slots, pool);
        // Closed after the slots: it beats for as long as they drain.
        Heartbeat heartbeat =
                resources.add(
                        heartbeat(
                                config,
                                machineTypes.values(),
                                clients,
                                life,
                                slots,
                                pool,
                                resources,
                                clock));
        heartbeat.start(CLUSTER_TIMEOUT);
        resources.add(slots).start(admin, CLUSTER_TIMEOUT);
        resources.add(hints);
        return new Agent(resources, slots, limits, data, isolation);
    }

    /** Nothing may be taken before it is known which keys were revoked. */
    private static Trust trust(
            AgentConfig config,
            ClientSettings clients,
            AgentMetrics metrics,
            InstantSource clock,
            CloseStack resources) {
        TrustBase base =
                resources.add(
                        TrustBase.open(
                                config.credentials(),
                                config.tenant(),
                                () -> clients.follower("keys"),
                                metrics::refused,
                                clock));
        if (!base.awaitReady(CLUSTER_TIMEOUT)) {
            throw new ClusterUnreachableException("the keys were not read in time", null);
        }
        return base.trust();
    }

    private static HotElsewhere elsewhere(AgentConfig config, AgentDirectory agents) {
        return new HotElsewhere(
                config.id(),
                () -> config.warmRouting() ? agents.view().agents() : List.of(),
                System::nanoTime);
    }

    private static Lanes lanes(AgentConfig config, Admin admin, Producer<byte[], byte[]> producer) {
        return new Lanes(
                config.slots().keySet().stream().map(type -> new Lane(config.id(), type)).toList(),
                new LaneTopics(admin, CLUSTER_TIMEOUT),
                producer);
    }

    private static Heartbeat heartbeat(
            AgentConfig config,
            Collection<MachineType> machineTypes,
            ClientSettings clients,
            Life life,
            Slots slots,
            HotPool pool,
            CloseStack resources,
            InstantSource clock) {
        BeatSettings beats = config.beats();
        StatusReport report = new StatusReport(config.id(), machineTypes, slots, pool, clock);
        return new Heartbeat(
                config.id(),
                beats,
                life,
                report::of,
                slots::giveUp,
                resources.add(clients.beatProducer(beats.patience())),
                System::nanoTime);
    }

    private static Map<String, MachineType> machineTypes(AgentConfig config) {
        Map<String, MachineType> machineTypes = new LinkedHashMap<>();
        for (String name : config.slots().keySet()) {
            machineTypes.put(
                    name,
                    config.machineTypes()
                            .find(name)
                            .orElseThrow(() ->
                                    new IllegalArgumentException(
                                            "unknown machine type '%s', known are %s"
                                                    .formatted(
                                                            name,
                                                            config.machineTypes().instead(name)))));
        }
        return machineTypes;
    }

    private static EnvironmentBuilders environmentBuilders(AgentConfig config) {
        return new EnvironmentBuilders(
                Map.of(
                        EnvironmentKind.JVM,
                        new MavenEnvironmentBuilder(MavenOptions.in(folder(config, "maven"))),
                        EnvironmentKind.PYTHON,
                        new PythonEnvironmentBuilder(
                                folder(config, "python"),
                                RepositoryTrust.LIMITED,
                                System.getenv())));
    }

    private static AgentData data(
            AgentConfig config,
            IsolationChoice isolation,
            ClientSettings clients,
            Producer<byte[], byte[]> producer)
            throws InterruptedException {
        List<Path> needed =
                List.of(config.dataFolder(), config.javaExecutable(), ProcessLauncher.ownRuntime());
        return AgentData.find(
                config.id(),
                config.dataVolume(),
                config.dataFolder().resolve("data"),
                volume -> isolation.view(volume, needed),
                () -> clients.follower("volumes"),
                producer,
                CLUSTER_TIMEOUT);
    }

    private static IsolationChoice isolation(AgentConfig config, Limits limits, Admin admin)
            throws InterruptedException {
        try {
            IsolationChoice choice =
                    IsolationChoice.make(
                            config.isolation(),
                            new LauncherParts(
                                    config.javaExecutable(),
                                    ProcessLauncher.ownRuntime(),
                                    SocketFolder.create(),
                                    folder(config, "sandboxes"),
                                    config.limits().payloadBytes(),
                                    limits),
                            config.network()
                                    .denying(
                                            new ClusterAddresses(admin, CLUSTER_TIMEOUT)
                                                    .hosts(config.bootstrapServers())),
                            config.containers());
            if (choice.isolation() == Isolation.PROCESS
                    && config.isolation() != Isolation.PROCESS) {
                LOG.warn("isolation: {}", choice.description());
            } else {
                LOG.info("isolation: {}", choice.description());
            }
            return choice;
        } catch (IOException e) {
            throw new UncheckedIOException("no folder for sockets: " + e.getMessage(), e);
        }
    }

    /** A failure here must not end the schedule: sandboxes would stay for ever. */
    private static void expire(HotPool pool) {
        try {
            pool.expire();
        } catch (RuntimeException e) {
            LOG.error("a sandbox was not ended", e);
        }
    }

    private static void gauges(
            AgentMetrics metrics,
            Map<String, MachineType> machineTypes,
            Slots slots,
            HotPool pool) {
        for (String type : machineTypes.keySet()) {
            metrics.gauge(
                    AgentMetric.SLOTS,
                    Tags.of("machine_type", type, "state", "busy"),
                    () -> slots.busy(type));
            metrics.gauge(
                    AgentMetric.SLOTS,
                    Tags.of("machine_type", type, "state", "free"),
                    () -> Math.max(0, slots.total(type) - slots.busy(type)));
            metrics.gauge(
                    AgentMetric.SANDBOXES,
                    Tags.of("machine_type", type, "state", "idle"),
                    () -> sandboxes(pool, type, true));
            metrics.gauge(
                    AgentMetric.SANDBOXES,
                    Tags.of("machine_type", type, "state", "busy"),
                    () -> sandboxes(pool, type, false));
        }
    }

    private static long sandboxes(HotPool pool, String machineType, boolean idle) {
        return pool.status().stream()
                .filter(s -> s.machineType().name().equals(machineType) && s.idle() == idle)
                .count();
    }

    private static Path folder(AgentConfig config, String name) {
        try {
            return Files.createDirectories(config.dataFolder().resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "cannot use the folder %s: %s".formatted(config.dataFolder(), e.getMessage()),
                    e);
        }
    }

    /**
     * Whether invocations are taken and sandboxes can be started: every slot has joined, none is
     * stopped, and what runs sandboxes is there.
     */
    public boolean isReady() {
        return slots.isRunning() && isolation.isAvailable();
    }

    /**
     * Says which limits of machine types are enforced and, of those that are not, why; empty when
     * all are.
     */
    public Optional<String> missingLimits() {
        return limits.isComplete() ? Optional.empty() : Optional.of(limits.description());
    }

    /** How sandboxes are kept apart here, and why so, to complete "isolation: …". */
    public String isolation() {
        return isolation.description();
    }

    /** Where the persistent data is and how functions see it, to complete "data: …". */
    public String data() {
        return data.description();
    }

    /** Says why functions may find other files here than on other agents; empty: they do not. */
    public Optional<String> dataWarning() {
        return data.volume().warning();
    }

    /**
     * Takes nothing more, lets running calls end for as long as the configuration says, puts what
     * is left back into its queue, and ends the sandboxes.
     */
    @Override
    public void close() {
        resources.close();
    }
}
