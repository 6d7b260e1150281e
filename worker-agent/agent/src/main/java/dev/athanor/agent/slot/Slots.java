package dev.athanor.agent.slot;

import dev.athanor.agent.AgentConfig;
import dev.athanor.agent.call.CallStarter;
import dev.athanor.agent.kafka.ClientSettings;
import dev.athanor.agent.kafka.Publisher;
import dev.athanor.agent.life.Life;
import dev.athanor.agent.metrics.AgentMetrics;
import dev.athanor.schemas.Lane;
import dev.athanor.schemas.Topics;
import dev.athanor.schemas.cluster.ClusterUnreachableException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.Admin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All slots of an agent, and the loops that serve its queues and lanes in them. */
public final class Slots implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Slots.class);
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(10);
    private static final Duration TELL_PATIENCE = Duration.ofSeconds(2);
    private static final Duration TELL_POLL = Duration.ofMillis(10);

    private final String agent;
    private final Duration drain;
    private final ClientSettings clients;
    private final Turn turn;
    private final Lanes lanes;
    private final Life life;
    private final Rooms rooms;
    private final Loops queueLoops = new Loops();
    private final Loops laneLoops = new Loops();
    private volatile boolean joined;
    private volatile boolean draining;

    /**
     * @param rooms the slots themselves
     * @param lanes of the agent; opened and, at a clean end, taken away here
     */
    public Slots(
            AgentConfig config,
            ClientSettings clients,
            Rooms rooms,
            DeliveryReader reader,
            CallStarter runner,
            Publisher publisher,
            Lanes lanes,
            Escalations escalations,
            AgentMetrics metrics,
            Life life,
            Predicate<String> takesMany,
            InstantSource clock) {
        this.agent = config.id();
        this.drain = config.drain();
        this.clients = clients;
        this.rooms = rooms;
        this.lanes = lanes;
        this.life = life;
        Records records = new Records(config.id(), publisher, config.attempts(), metrics, clock);
        turn =
                new Turn(
                        reader,
                        runner,
                        records,
                        escalations,
                        takesMany,
                        config.handOverAfter(),
                        metrics,
                        clock);
        rooms.all().forEach(this::add);
        rooms.onRoom(this::serve);
    }

    /**
     * As many loops for the queue as there are slots, and one more for the lane: however many of
     * its records run, somebody looks at the next one.
     */
    private void add(String machineType, Room room) {
        int slots = room.total();
        for (int number = 0; number < slots; number++) {
            String name = slotName(machineType) + number;
            queueLoops.add(name, queueLoop(name, machineType));
        }
        for (int number = 0; number <= slots; number++) {
            String name = laneName(machineType) + number;
            laneLoops.add(name, laneLoop(name, machineType));
        }
    }

    /**
     * A slot that is lent needs a loop that takes from the queue, and one more that looks at the
     * lane: those of its call wait. They stay for the next time; that of the queue asks for no
     * records as long as no slot is free for them.
     */
    private synchronized void serve(String machineType, int slots) {
        int loops = queueLoops.count(machineType);
        if (draining || loops >= slots) {
            return;
        }
        String name = slotName(machineType) + loops;
        LOG.info("slot={} serves while calls wait for others", name);
        queueLoops.start(name, queueLoop(name, machineType));
        String laneName = laneName(machineType) + laneLoops.count(machineType);
        laneLoops.start(laneName, laneLoop(laneName, machineType));
    }

    private SlotLoop laneLoop(String name, String machineType) {
        Lane lane = new Lane(agent, machineType);
        return loop(name, machineType, lane.topic(), lane.group(), Room.laneDoor());
    }

    private SlotLoop queueLoop(String name, String machineType) {
        return loop(
                name,
                machineType,
                Topics.invocations(machineType),
                Topics.workersGroup(machineType),
                room(machineType).queueDoor());
    }

    private SlotLoop loop(
            String name, String machineType, String topic, String group, Room.Door door) {
        return new SlotLoop(
                name,
                machineType,
                () ->
                        new ShareGroupSource(
                                topic,
                                maxRecords -> clients.shareConsumer(name, group, maxRecords)),
                room(machineType),
                door,
                turn,
                life);
    }

    private static String slotName(String machineType) {
        return "slot-" + machineType + "-";
    }

    private static String laneName(String machineType) {
        return "lane-" + machineType + "-";
    }

    /**
     * Opens the lanes, starts the loops and waits until all have joined.
     *
     * @throws ClusterUnreachableException when they have not by then
     */
    public void start(Admin admin, Duration timeout) throws InterruptedException {
        lanes.open();
        queueLoops.start();
        laneLoops.start();
        Joining joining = new Joining(admin, timeout);
        for (Map.Entry<String, Room> room : rooms.all().entrySet()) {
            String machineType = room.getKey();
            int slots = room.getValue().total();
            joining.await(
                    Topics.workersGroup(machineType), agent + "-" + slotName(machineType), slots);
            joining.await(
                    Topics.laneGroup(agent, machineType),
                    agent + "-" + laneName(machineType),
                    slots + 1);
        }
        lanes.joined();
        joined = true;
    }

    /** Number of slots of a machine type that serve a call. */
    public long busy(String machineType) {
        return room(machineType).busy();
    }

    /** Number of slots of a machine type. */
    public long total(String machineType) {
        return room(machineType).total();
    }

    /**
     * Whether a slot of the machine type may hold records whose calls have not started: one that
     * stops may have been sent some that it never looks at.
     */
    public boolean takesMany(String machineType) {
        return draining || queueLoops.takeMany(machineType) || laneLoops.takeMany(machineType);
    }

    /** Gives up what is served under a life of the agent that is over. */
    public void giveUp() {
        queueLoops.giveUp();
        laneLoops.giveUp();
    }

    private Room room(String machineType) {
        return rooms.of(machineType);
    }

    /** Whether nothing more is taken, since the agent closes. */
    public boolean isDraining() {
        return draining;
    }

    /** Whether work is taken: every loop has joined and its thread runs. */
    public boolean isRunning() {
        return joined && !draining && queueLoops.areAlive() && laneLoops.areAlive();
    }

    /**
     * Takes nothing more from the queues, and puts what comes by the lanes into them; waits for
     * running calls, then stops those that are left. The lanes go last, when they are empty.
     */
    @Override
    public void close() {
        stopTaking();
        awaitDrainingKnown();
        queueLoops.stop();
        rooms.all().values().forEach(Room::close);
        try {
            awaitCalls();
            queueLoops.interruptServing();
            laneLoops.interruptServing();
            queueLoops.join(STOP_PATIENCE);
            if (joined) {
                lanes.empty();
            }
            laneLoops.stop();
            laneLoops.join(STOP_PATIENCE);
            lanes.remove();
        } catch (InterruptedException e) {
            laneLoops.stop();
            Thread.currentThread().interrupt();
        }
    }

    /** From now on no loop is added. */
    private synchronized void stopTaking() {
        draining = true;
    }

    private void awaitCalls() throws InterruptedException {
        long deadline = System.nanoTime() + drain.toNanos();
        for (Room room : rooms.all().values()) {
            boolean _ = room.awaitIdle(Duration.ofNanos(deadline - System.nanoTime()));
        }
    }

    /** What comes back from the slots must not be taken for started; waits for a moment only. */
    private void awaitDrainingKnown() {
        CountDownLatch never = new CountDownLatch(1);
        long deadline = System.nanoTime() + TELL_PATIENCE.toNanos();
        try {
            while (joined && System.nanoTime() < deadline && !isDrainingKnown()) {
                boolean _ = never.await(TELL_POLL.toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean isDrainingKnown() {
        return rooms.all().keySet().stream().allMatch(life.current()::isKnownToTakeMany);
    }
}
