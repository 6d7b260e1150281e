package dev.athanor.dispatcher.http;

import dev.athanor.dispatcher.queue.Queues;
import dev.athanor.schemas.agents.AgentView;
import dev.athanor.schemas.keys.TrustBase;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * What the door leads to.
 *
 * @param onlyTenant whose everything is on a cluster without keys
 * @param patience for how long a live agent may be silent
 * @param ready whether the dispatcher does its work
 */
public record HttpServices(
        TrustBase trust,
        String onlyTenant,
        Supplier<AgentView> agents,
        Duration patience,
        Queues queues,
        BooleanSupplier ready) {
    Keys keys() {
        return new Keys(trust, onlyTenant);
    }

    /** Everything that is asked for by somebody. */
    List<Route> routes() {
        ClusterResource cluster = new ClusterResource(agents, patience, queues);
        return List.of(
                Route.get("/v1/agents", cluster::agents), Route.get("/v1/queues", cluster::queues));
    }
}
