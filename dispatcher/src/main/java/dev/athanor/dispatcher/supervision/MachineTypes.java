package dev.athanor.dispatcher.supervision;

import dev.athanor.schemas.agents.AgentView;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Producer;

/** The watch over the machine types, its thread and its clients. */
final class MachineTypes implements AutoCloseable {
    private static final String ROLE = "machine-types";
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(10);

    private final Producer<byte[], byte[]> producer;
    private final MachineTypeWatch watch;
    private final Thread thread;

    private MachineTypes(Producer<byte[], byte[]> producer, MachineTypeWatch watch) {
        this.producer = producer;
        this.watch = watch;
        this.thread = Thread.ofPlatform().name("machine-type-watch").start(watch);
    }

    /**
     * Begins to watch.
     *
     * @param writes whether this process is the one that writes
     */
    static MachineTypes watch(
            SupervisionClients clients,
            Supplier<AgentView> agents,
            BooleanSupplier writes,
            Duration patience,
            LongSupplier ticker) {
        Producer<byte[], byte[]> producer = clients.producer(ROLE);
        return new MachineTypes(
                producer,
                new MachineTypeWatch(
                        () -> clients.follower(ROLE), producer, agents, writes, patience, ticker));
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
    }
}
