package dev.athanor.dispatcher.supervision;

import dev.athanor.dispatcher.DispatcherConfig;
import dev.athanor.schemas.agents.AgentView;
import dev.athanor.schemas.cluster.LaneTopics;
import dev.athanor.schemas.keys.Trust;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.Producer;

/** The watch over the lanes, its thread and its clients. */
final class Lanes implements AutoCloseable {
    private static final String ROLE = "lanes";
    private static final Duration ASK_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(10);

    private final Admin admin;
    private final Producer<byte[], byte[]> producer;
    private final LaneWatch watch;
    private final Thread thread;

    private Lanes(Admin admin, Producer<byte[], byte[]> producer, LaneWatch watch) {
        this.admin = admin;
        this.producer = producer;
        this.watch = watch;
        this.thread = Thread.ofPlatform().name("lane-watch").start(watch);
    }

    /** Begins to watch. */
    static Lanes watch(
            DispatcherConfig config,
            SupervisionClients clients,
            Trust trust,
            Supplier<AgentView> agents,
            LongSupplier ticker,
            InstantSource clock) {
        Admin admin = clients.admin(ROLE);
        Producer<byte[], byte[]> producer = clients.producer(ROLE);
        return new Lanes(
                admin,
                producer,
                new LaneWatch(
                        new LaneTopics(admin, ASK_TIMEOUT),
                        clients,
                        producer,
                        new LaneDrain(producer, trust, config.attempts(), clock),
                        agents,
                        config.patience(),
                        ticker));
    }

    @Override
    public void close() {
        watch.stop();
        try {
            thread.join(CLOSE_PATIENCE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        producer.close(CLOSE_PATIENCE);
        admin.close(CLOSE_PATIENCE);
    }
}
