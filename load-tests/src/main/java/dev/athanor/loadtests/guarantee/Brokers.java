package dev.athanor.loadtests.guarantee;

import dev.athanor.embedded.KafkaNodes;
import dev.athanor.loadtests.process.BrokerProcess;
import dev.athanor.loadtests.process.ChildProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** The brokers, each a process, and what is done to them. For one thread. */
final class Brokers implements AutoCloseable {
    private static final Duration START_TIMEOUT = Duration.ofSeconds(60);

    /** Until every client has found out and is connected to whoever leads now. */
    private static final Duration RECOVERY = Duration.ofSeconds(10);

    private final Path folder;
    private final KafkaNodes nodes;
    private final List<Fault> faults;
    private final InstantSource clock;
    private final List<ChildProcess> brokers = new ArrayList<>();

    /**
     * @param faults takes what is done
     */
    Brokers(Path folder, int count, List<Fault> faults, InstantSource clock) {
        this.folder = folder;
        this.nodes = KafkaNodes.onFreePorts(count);
        this.faults = faults;
        this.clock = clock;
    }

    void start() throws IOException, InterruptedException {
        for (KafkaNodes.Node node : nodes.nodes()) {
            brokers.add(started(node.id()));
        }
        for (ChildProcess broker : brokers) {
            broker.awaitReady(START_TIMEOUT);
        }
    }

    String bootstrapServers() {
        return nodes.bootstrapServers();
    }

    /** Stops one and starts it again. */
    void restart(int victim) throws IOException, InterruptedException {
        int place = victim % brokers.size();
        Instant begin = clock.instant();
        brokers.get(place).terminate(START_TIMEOUT);
        startAgain(place);
        lost(begin);
    }

    /** Kills one and starts it again. */
    void crash(int victim) throws IOException, InterruptedException {
        int place = victim % brokers.size();
        Instant begin = clock.instant();
        brokers.get(place).kill();
        startAgain(place);
        lost(begin);
    }

    /** Kills one, and that is that. */
    void lose(int victim) throws InterruptedException {
        Instant begin = clock.instant();
        brokers.get(victim % brokers.size()).kill();
        lost(begin);
    }

    private void lost(Instant begin) {
        faults.add(
                new Fault(
                        Fault.Kind.BROKER_LOST,
                        Fault.EVERY_AGENT,
                        begin,
                        clock.instant().plus(RECOVERY)));
    }

    private void startAgain(int place) throws IOException, InterruptedException {
        ChildProcess broker = started(place + 1);
        brokers.set(place, broker);
        broker.awaitReady(START_TIMEOUT);
    }

    private ChildProcess started(int id) throws IOException {
        return BrokerProcess.start(folder.resolve("broker-" + id), nodes, id);
    }

    @Override
    public void close() {
        brokers.forEach(ChildProcess::close);
    }
}
