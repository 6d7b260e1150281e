package dev.athanor.loadtests.fuzz;

import static dev.athanor.api.Athanor.cloud;
import static dev.athanor.api.Athanor.host;
import static dev.athanor.api.Athanor.isolated;
import static dev.athanor.api.Athanor.keepAlive;
import static dev.athanor.api.Athanor.logs;

import dev.athanor.agent.Agent;
import dev.athanor.agent.AgentConfig;
import dev.athanor.agent.CloseStack;
import dev.athanor.agent.metrics.AgentMetric;
import dev.athanor.api.Athanor;
import dev.athanor.api.AthanorClient;
import dev.athanor.api.IsolatedFunction1;
import dev.athanor.dispatcher.Dispatcher;
import dev.athanor.dispatcher.DispatcherConfig;
import dev.athanor.dispatcher.metrics.DispatcherMetric;
import dev.athanor.embedded.EmbeddedKafka;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;

/** Everything that reads topics, in this process: an agent, a dispatcher and a caller. */
final class FuzzCluster implements AutoCloseable {
    static final int SLOTS = 2;

    private final CloseStack resources;
    private final EmbeddedKafka kafka;
    private final Agent agent;
    private final Dispatcher dispatcher;
    private final MeterRegistry meters;
    private final AthanorClient client;

    private FuzzCluster(
            CloseStack resources,
            EmbeddedKafka kafka,
            Agent agent,
            Dispatcher dispatcher,
            MeterRegistry meters,
            AthanorClient client) {
        this.resources = resources;
        this.kafka = kafka;
        this.agent = agent;
        this.dispatcher = dispatcher;
        this.meters = meters;
        this.client = client;
    }

    static FuzzCluster start(Path folder) throws InterruptedException {
        CloseStack resources = new CloseStack();
        try {
            MeterRegistry meters = new SimpleMeterRegistry();
            resources.add(meters::close);
            EmbeddedKafka kafka = resources.add(EmbeddedKafka.start(folder.resolve("kafka"), 0));
            String servers = kafka.bootstrapServers();
            Dispatcher dispatcher =
                    resources.add(
                            Dispatcher.start(
                                    DispatcherConfig.of("fuzz", servers),
                                    meters,
                                    InstantSource.system()));
            Agent agent =
                    resources.add(
                            Agent.start(
                                    AgentConfig.of(
                                            "fuzzed",
                                            servers,
                                            Map.of(Athanor.XS, SLOTS),
                                            folder.resolve("agent")),
                                    meters,
                                    InstantSource.system()));
            AthanorClient client =
                    resources.add(AthanorClient.builder().bootstrapServers(servers).build());
            return new FuzzCluster(resources, kafka, agent, dispatcher, meters, client);
        } catch (RuntimeException | InterruptedException e) {
            resources.closeAfter(e);
            throw e;
        }
    }

    String bootstrapServers() {
        return kafka.bootstrapServers();
    }

    /** A function that gives back what it is given. */
    IsolatedFunction1<byte[], byte[]> echo() {
        return isolated(
                Probe::echo,
                host(cloud(client)),
                keepAlive(Duration.ofMinutes(10)),
                logs(line -> {}));
    }

    /** A function that takes a while, and says when it began and ended. */
    IsolatedFunction1<Integer, String> nap() {
        return isolated(Probe::nap, host(cloud(client)), keepAlive(Duration.ofMinutes(10)));
    }

    /** Whether every slot serves and leases are supervised. */
    boolean isWhole() {
        return agent.isReady() && dispatcher.isReady();
    }

    long count(AgentMetric metric, String... tags) {
        return count(metric.meterName(), tags);
    }

    long count(DispatcherMetric metric) {
        return count(metric.meterName());
    }

    private long count(String name, String... tags) {
        return (long)
                meters.find(name).tags(tags).counters().stream().mapToDouble(Counter::count).sum();
    }

    @Override
    public void close() {
        resources.close();
    }
}
