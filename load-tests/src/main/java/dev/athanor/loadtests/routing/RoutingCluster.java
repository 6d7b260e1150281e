package dev.athanor.loadtests.routing;

import static dev.athanor.api.Athanor.M;

import dev.athanor.agent.Agent;
import dev.athanor.agent.AgentConfig;
import dev.athanor.agent.CloseStack;
import dev.athanor.agent.metrics.AgentMetric;
import dev.athanor.api.AthanorClient;
import dev.athanor.embedded.EmbeddedKafka;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;

/** Agents of two slots each on a broker, and a caller. */
final class RoutingCluster implements AutoCloseable {
    private static final int SLOTS = 2;

    private final CloseStack resources;
    private final SimpleMeterRegistry meters;
    private final AthanorClient client;

    private RoutingCluster(CloseStack resources, SimpleMeterRegistry meters, AthanorClient client) {
        this.resources = resources;
        this.meters = meters;
        this.client = client;
    }

    /**
     * @param agents how many there are
     * @param routed whether calls are led to where they are hot
     * @param functions how many are kept hot; every agent has room for all of them
     */
    static RoutingCluster start(
            EmbeddedKafka kafka, Path folder, int agents, boolean routed, int functions)
            throws InterruptedException {
        CloseStack resources = new CloseStack();
        try {
            SimpleMeterRegistry meters = new SimpleMeterRegistry();
            AgentGroup group = resources.add(new AgentGroup());
            for (int number = 0; number < agents; number++) {
                AgentConfig config =
                        AgentConfig.of(
                                        folder.getFileName() + "-" + number,
                                        kafka.bootstrapServers(),
                                        Map.of(M, SLOTS),
                                        folder.resolve("agent-" + number))
                                .withMaxSandboxes(functions + SLOTS)
                                .withWarmRouting(routed);
                group.add(Agent.start(config, meters, InstantSource.system()));
            }
            AthanorClient client =
                    resources.add(
                            AthanorClient.builder()
                                    .bootstrapServers(kafka.bootstrapServers())
                                    .build());
            return new RoutingCluster(resources, meters, client);
        } catch (RuntimeException | InterruptedException e) {
            resources.closeAfter(e);
            throw e;
        }
    }

    AthanorClient client() {
        return client;
    }

    /** How many calls have ended, in hot sandboxes or in all. */
    double ended(boolean onlyHot) {
        return meters.find(AgentMetric.CALLS.meterName()).counters().stream()
                .filter(counter -> !onlyHot || Boolean.parseBoolean(counter.getId().getTag("hot")))
                .mapToDouble(Counter::count)
                .sum();
    }

    @Override
    public void close() {
        resources.close();
    }
}
