package dev.athanor.standalone;

import dev.athanor.agent.Agent;
import dev.athanor.agent.CloseStack;
import dev.athanor.agent.metrics.MetricsEndpoint;
import dev.athanor.dispatcher.Dispatcher;
import dev.athanor.dispatcher.DispatcherConfig;
import dev.athanor.embedded.EmbeddedKafka;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * An embedded Kafka, a dispatcher and one agent in this process. Closing it ends them, the agent
 * first.
 */
public final class Standalone implements AutoCloseable {
    private static final String AGENT_ID = "standalone";
    private static final String DISPATCHER_ID = "standalone-dispatcher";

    private final CloseStack resources;
    private final EmbeddedKafka kafka;
    private final Dispatcher dispatcher;
    private final Agent agent;
    private final MetricsEndpoint metrics;
    private final Optional<SecuredKafka> secured;

    private Standalone(
            CloseStack resources,
            EmbeddedKafka kafka,
            Dispatcher dispatcher,
            Agent agent,
            MetricsEndpoint metrics,
            Optional<SecuredKafka> secured) {
        this.resources = resources;
        this.secured = secured;
        this.dispatcher = dispatcher;
        this.agent = agent;
        this.kafka = kafka;
        this.metrics = metrics;
    }

    /**
     * Starts everything and returns once calls are taken.
     *
     * @throws StandaloneException when the data folder or a port cannot be used
     * @throws dev.athanor.embedded.EmbeddedKafkaException when the broker does not start
     */
    public static Standalone start(StandaloneConfig config) throws InterruptedException {
        CloseStack resources = new CloseStack();
        try {
            return wire(config, resources);
        } catch (RuntimeException | InterruptedException e) {
            resources.closeAfter(e);
            throw e;
        }
    }

    private static Standalone wire(StandaloneConfig config, CloseStack resources)
            throws InterruptedException {
        DataFolder folder = resources.add(DataFolder.take(config.dataFolder()));
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        resources.add(registry::close);
        Optional<SecuredKafka> secured = secured(config, folder);
        Optional<StartingDatabase> database = database(config, folder).map(resources::add);
        EmbeddedKafka kafka = resources.add(kafka(config, folder, secured));
        secured.ifPresent(each -> count(registry, kafka));
        ClusterAccess access = secured.map(SecuredKafka::access).orElseGet(ClusterAccess::none);
        Dispatcher dispatcher =
                resources.add(
                        Dispatcher.start(
                                dispatcher(config, kafka, access, database),
                                registry,
                                InstantSource.system()));
        Agent agent =
                resources.add(
                        Agent.start(
                                config.agent()
                                        .config(
                                                AGENT_ID,
                                                kafka.bootstrapServers(),
                                                folder.resolve("agent"),
                                                access),
                                registry,
                                InstantSource.system()));
        MetricsEndpoint metrics =
                resources.add(
                        endpoint(
                                config.metricsPort(),
                                registry,
                                () -> agent.isReady() && dispatcher.isReady()));
        return new Standalone(resources, kafka, dispatcher, agent, metrics, secured);
    }

    private static Optional<SecuredKafka> secured(StandaloneConfig config, DataFolder folder) {
        if (config.secure()) {
            return Optional.of(SecuredKafka.in(folder));
        }
        SecuredKafka.refuse(folder);
        return Optional.empty();
    }

    private static EmbeddedKafka kafka(
            StandaloneConfig config, DataFolder folder, Optional<SecuredKafka> secured)
            throws InterruptedException {
        Path data = folder.resolve("kafka");
        return secured.isPresent()
                ? secured.get().start(data, config.port())
                : EmbeddedKafka.start(data, config.port());
    }

    /** What the broker refuses; what agents and the dispatcher refuse, they count themselves. */
    private static void count(MeterRegistry registry, EmbeddedKafka kafka) {
        FunctionCounter.builder("athanor.refused.requests", kafka, EmbeddedKafka::deniedRequests)
                .description("Requests to Kafka that the key may not make")
                .register(registry);
        FunctionCounter.builder("athanor.refused.logins", kafka, EmbeddedKafka::failedLogins)
                .description("Logins to Kafka without a valid key")
                .register(registry);
    }

    /** The database of this process itself, where it is to have one. */
    private static Optional<StartingDatabase> database(StandaloneConfig config, DataFolder folder) {
        return config.jobs()
                .filter(jobs -> jobs.databaseUrl().isEmpty())
                .map(jobs -> StartingDatabase.in(folder.resolve("postgres")));
    }

    private static DispatcherConfig dispatcher(
            StandaloneConfig config,
            EmbeddedKafka kafka,
            ClusterAccess access,
            Optional<StartingDatabase> database)
            throws InterruptedException {
        DispatcherConfig bare =
                DispatcherConfig.of(DISPATCHER_ID, kafka.bootstrapServers())
                        .withPatience(config.agent().patience())
                        .withPrivateWebhooks(
                                config.jobs().map(JobsConfig::privateWebhooks).orElse(false));
        Optional<String> url =
                database.isPresent()
                        ? Optional.of(database.get().url())
                        : config.jobs().flatMap(JobsConfig::databaseUrl);
        DispatcherConfig bound =
                config.jobs().map(JobsConfig::maxQueued).map(bare::withMaxQueuedJobs).orElse(bare);
        DispatcherConfig kept = url.map(bound::withDatabase).orElse(bound);
        DispatcherConfig plain =
                config.jobs()
                        .map(jobs -> loopback(jobs.httpPort()))
                        .map(kept::withHttp)
                        .orElse(kept);
        return access.credentials()
                .map(key -> plain.withCredentials(key, access.kafka()))
                .orElse(plain);
    }

    private static InetSocketAddress loopback(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    private static MetricsEndpoint endpoint(
            int port, PrometheusMeterRegistry registry, BooleanSupplier ready) {
        try {
            return new MetricsEndpoint(loopback(port), registry, ready);
        } catch (IOException e) {
            throw new StandaloneException(
                    "port %d is in use (%s): choose another with --metrics-port"
                            .formatted(port, e.getMessage()),
                    e);
        }
    }

    /** Where callers connect, as {@code host:port}. */
    public String bootstrapServers() {
        return kafka.bootstrapServers();
    }

    /**
     * Says which limits of machine types are enforced and, of those that are not, why; empty when
     * all are.
     */
    public Optional<String> missingLimits() {
        return agent.missingLimits();
    }

    /** The operator's profile file, where Kafka asks for keys. */
    public Optional<Path> operatorProfile() {
        return secured.map(SecuredKafka::profile);
    }

    /** The certificate that callers are to trust, in PEM, where Kafka asks for keys. */
    public Optional<Path> authority() {
        return secured.map(each -> each.security().authority());
    }

    /** How sandboxes are kept apart, and why so, to complete "isolation: …". */
    public String isolation() {
        return agent.isolation();
    }

    /** Where the persistent data is and how functions see it, to complete "data: …". */
    public String data() {
        return agent.data();
    }

    /** Says why functions may find other files here than on other agents; empty: they do not. */
    public Optional<String> dataWarning() {
        return agent.dataWarning();
    }

    /** Where jobs are asked for, where they are kept. */
    public Optional<URI> http() {
        return dispatcher.http();
    }

    /** Where the meters are. */
    public String metricsAddress() {
        return "http://localhost:%d/metrics".formatted(metrics.address().getPort());
    }

    @Override
    public void close() {
        resources.close();
    }
}
