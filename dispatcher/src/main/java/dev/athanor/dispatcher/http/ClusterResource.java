package dev.athanor.dispatcher.http;

import dev.athanor.dispatcher.queue.Queues;
import dev.athanor.schemas.agents.AgentView;
import io.javalin.http.Context;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** What there is in the cluster. Safe for any number of threads. */
final class ClusterResource {
    private final Supplier<AgentView> agents;
    private final Duration patience;
    private final Queues queues;

    ClusterResource(Supplier<AgentView> agents, Duration patience, Queues queues) {
        this.agents = agents;
        this.patience = patience;
        this.queues = queues;
    }

    /**
     * By name, every agent that has not left. Whose they are and what they run is in none of it.
     */
    void agents(Context context, Requester requester) {
        requester.checkOperator();
        AgentView view = agents.get();
        List<AgentAnswer> found =
                view.agents().stream()
                        .map(agent -> AgentAnswer.of(agent.status(), view.silence(agent), patience))
                        .sorted(Comparator.comparing(AgentAnswer::id))
                        .toList();
        Answers.write(context, Map.of("agents", found));
    }

    /**
     * By machine type; every tenant may know what there is to run on, and how long the queue is.
     */
    void queues(Context context, Requester requester) throws InterruptedException {
        List<QueueAnswer> found = queues.all().stream().map(QueueAnswer::of).toList();
        Answers.write(context, Map.of("queues", found));
    }
}
