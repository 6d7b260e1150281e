package dev.athanor.loadtests.guarantee;

import dev.athanor.loadtests.process.AgentProcess;
import dev.athanor.loadtests.process.ChildProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The agents, each a process, and what is done to them. For one thread. */
final class Fleet implements AutoCloseable {
    private static final Duration START_TIMEOUT = Duration.ofSeconds(60);
    private static final int FEWEST = 2;

    private final Path folder;
    private final AgentProcess.Settings settings;
    private final List<Fault> faults;
    private final InstantSource clock;
    private final List<ChildProcess> agents = new ArrayList<>();
    private final Map<Long, String> ids = new HashMap<>();
    private int number;

    /**
     * @param faults takes what is done
     */
    Fleet(Path folder, AgentProcess.Settings settings, List<Fault> faults, InstantSource clock) {
        this.folder = folder;
        this.settings = settings;
        this.faults = faults;
        this.clock = clock;
    }

    /** Starts the first ones. */
    void start(int count) throws IOException, InterruptedException {
        for (int i = 0; i < count; i++) {
            agents.add(newcomer());
        }
        for (ChildProcess agent : agents) {
            agent.awaitReady(START_TIMEOUT);
        }
    }

    /** Ids of all agents that there ever were, by their process. */
    Map<Long, String> ids() {
        return Map.copyOf(ids);
    }

    /** The agent that a number stands for. */
    String name(int victim) {
        return agents.get(victim % agents.size()).name();
    }

    void kill(int victim) throws IOException, InterruptedException {
        int place = victim % agents.size();
        ChildProcess agent = agents.get(place);
        Instant begin = clock.instant();
        agent.kill();
        faults.add(new Fault(Fault.Kind.KILLED, agent.name(), begin, clock.instant()));
        replace(place);
    }

    void freeze(int victim, Duration duration) throws IOException, InterruptedException {
        ChildProcess agent = agents.get(victim % agents.size());
        Instant begin = clock.instant();
        agent.freeze();
        boolean _ = new CountDownLatch(1).await(duration.toMillis(), TimeUnit.MILLISECONDS);
        agent.thaw();
        faults.add(new Fault(Fault.Kind.FROZEN, agent.name(), begin, clock.instant()));
    }

    void roll() throws IOException, InterruptedException {
        for (int place = 0; place < agents.size(); place++) {
            drain(agents.get(place));
            replace(place);
        }
    }

    void add() throws IOException, InterruptedException {
        ChildProcess agent = newcomer();
        agents.add(agent);
        agent.awaitReady(START_TIMEOUT);
    }

    /** Where there are few, it adds one instead. */
    void remove(int victim) throws IOException, InterruptedException {
        if (agents.size() <= FEWEST) {
            add();
            return;
        }
        drain(agents.remove(victim % agents.size()));
    }

    private void replace(int place) throws IOException, InterruptedException {
        ChildProcess agent = started(agents.get(place).name());
        agents.set(place, agent);
        agent.awaitReady(START_TIMEOUT);
    }

    private void drain(ChildProcess agent) throws InterruptedException {
        agent.terminate(settings.drain().plus(START_TIMEOUT));
    }

    private ChildProcess newcomer() throws IOException {
        number++;
        return started("agent-" + number);
    }

    private ChildProcess started(String id) throws IOException {
        ChildProcess agent = AgentProcess.start(id, folder.resolve(id), settings);
        ids.put(agent.pid(), id);
        return agent;
    }

    @Override
    public void close() {
        agents.forEach(ChildProcess::close);
    }
}
