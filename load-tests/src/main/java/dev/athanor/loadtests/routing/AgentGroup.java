package dev.athanor.loadtests.routing;

import dev.athanor.agent.Agent;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Agents that close at the same time, since each waits for several things. For one thread. */
final class AgentGroup implements AutoCloseable {
    private final List<Agent> agents = new ArrayList<>();

    void add(Agent agent) {
        agents.add(agent);
    }

    @Override
    public void close() {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            CompletableFuture.allOf(
                            agents.stream()
                                    .map(agent -> CompletableFuture.runAsync(agent::close, threads))
                                    .toArray(CompletableFuture[]::new))
                    .join();
        }
    }
}
