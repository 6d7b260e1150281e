package dev.athanor.agent.slot;

import dev.athanor.agent.AgentConfig;
import dev.athanor.agent.call.CallStarter;
import dev.athanor.agent.call.Replies;
import dev.athanor.agent.kafka.ClientSettings;
import dev.athanor.agent.kafka.Publisher;
import dev.athanor.agent.metrics.AgentMetrics;
import dev.athanor.schemas.Topics;
import dev.athanor.schemas.cluster.ClusterUnreachableException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;

/** All slots of an agent and their threads. */
public final class Slots implements AutoCloseable {
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(10);

    private record Slot(String machineType, SlotLoop loop, Thread thread) {}

    private final String agent;
    private final Set<String> machineTypes;
    private final Duration drain;
    private volatile boolean joined;
    private final List<Slot> slots = new ArrayList<>();

    public Slots(
            AgentConfig config,
            ClientSettings clients,
            DeliveryReader reader,
            CallStarter runner,
            Replies replies,
            Publisher publisher,
            AgentMetrics metrics,
            InstantSource clock) {
        agent = config.id();
        machineTypes = config.slots().keySet();
        drain = config.drain();
        Records records =
                new Records(
                        config.id(),
                        clock.instant(),
                        publisher,
                        replies,
                        config.attempts(),
                        metrics,
                        clock);
        Turn turn = new Turn(reader, runner, records, config.handOverAfter(), metrics, clock);
        config.slots()
                .forEach((machineType, count) -> {
                    for (int number = 0; number < count; number++) {
                        add(machineType, number, clients, turn);
                    }
                });
    }

    private void add(String machineType, int number, ClientSettings clients, Turn turn) {
        String name = slotName(machineType, Integer.toString(number));
        SlotLoop loop =
                new SlotLoop(
                        name,
                        () ->
                                new ShareGroupSource(
                                        Topics.invocations(machineType),
                                        maxRecords ->
                                                clients.shareConsumer(
                                                        name,
                                                        Topics.workersGroup(machineType),
                                                        maxRecords)),
                        turn);
        slots.add(new Slot(machineType, loop, Thread.ofPlatform().name(name).unstarted(loop)));
    }

    private static String slotName(String machineType, String number) {
        return "slot-" + machineType + "-" + number;
    }

    /**
     * Starts the slots and waits until all have joined.
     *
     * @throws ClusterUnreachableException when they have not by then
     */
    public void start(Admin admin, Duration timeout) throws InterruptedException {
        slots.forEach(slot -> slot.thread().start());
        Joining joining = new Joining(admin, timeout);
        for (String machineType : machineTypes) {
            joining.await(machineType, agent + "-" + slotName(machineType, ""), total(machineType));
        }
        joined = true;
    }

    /** Number of slots of a machine type that serve a call. */
    public long busy(String machineType) {
        return of(machineType).filter(slot -> slot.loop().isBusy()).count();
    }

    /** Number of slots of a machine type. */
    public long total(String machineType) {
        return of(machineType).count();
    }

    private Stream<Slot> of(String machineType) {
        return slots.stream().filter(slot -> slot.machineType().equals(machineType));
    }

    /** Whether every slot has joined, and its thread runs. */
    public boolean isRunning() {
        return joined && slots.stream().allMatch(slot -> slot.thread().isAlive());
    }

    /** Threads that still wait for a call when the drain is over are its own, and are to stop. */
    @Override
    @SuppressWarnings("Interruption")
    public void close() {
        slots.forEach(slot -> slot.loop().stop());
        join(drain);
        slots.forEach(slot -> slot.thread().interrupt());
        join(STOP_PATIENCE);
    }

    private void join(Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        try {
            for (Slot slot : slots) {
                long left = Math.max(1, (deadline - System.nanoTime()) / 1_000_000);
                slot.thread().join(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
