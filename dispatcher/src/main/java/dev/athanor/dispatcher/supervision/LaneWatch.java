package dev.athanor.dispatcher.supervision;

import dev.athanor.schemas.Lane;
import dev.athanor.schemas.SlotStatus;
import dev.athanor.schemas.agents.AgentView;
import dev.athanor.schemas.agents.SeenAgent;
import dev.athanor.schemas.cluster.ClusterUnreachableException;
import dev.athanor.schemas.cluster.LaneTopics;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ShareConsumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Drains the lanes of agents that died or left, and takes them away; opens them again for an agent
 * that was only frozen. Any number of these may do so at once: each record is handed to one of
 * them, and every step may be done twice.
 */
final class LaneWatch implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(LaneWatch.class);
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration RECHECK = Duration.ofMillis(50);

    /** What the agent held comes back when its locks run out, 30 s; then others have their turn. */
    private static final Duration DRAIN_PATIENCE = Duration.ofSeconds(60);

    private final LaneTopics topics;
    private final SupervisionClients clients;
    private final Producer<byte[], byte[]> producer;
    private final LaneDrain drain;
    private final Supplier<AgentView> agents;
    private final Duration patience;
    private final LongSupplier ticker;
    private final CountDownLatch stopped = new CountDownLatch(1);

    // Confined to the thread.
    private final Map<Lane, Long> listedAt = new HashMap<>();
    private final Set<Lane> fenced = new HashSet<>();

    /**
     * @param producer stays its giver's to close
     * @param patience for how long an agent may be silent
     */
    LaneWatch(
            LaneTopics topics,
            SupervisionClients clients,
            Producer<byte[], byte[]> producer,
            LaneDrain drain,
            Supplier<AgentView> agents,
            Duration patience,
            LongSupplier ticker) {
        this.topics = topics;
        this.clients = clients;
        this.producer = producer;
        this.drain = drain;
        this.agents = agents;
        this.patience = patience;
        this.ticker = ticker;
    }

    void stop() {
        stopped.countDown();
    }

    private boolean isStopped() {
        return stopped.getCount() == 0;
    }

    @Override
    public void run() {
        try {
            do {
                lookAfterAll();
            } while (!stopped.await(patience.toMillis() / 2, TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A failure here must not end the watch. */
    private void lookAfterAll() throws InterruptedException {
        try {
            List<Lane> present = topics.list();
            listedAt.keySet().retainAll(present);
            for (Lane lane : present) {
                listedAt.putIfAbsent(lane, ticker.getAsLong());
                lookAfter(lane);
            }
            reopen();
        } catch (KafkaException | ClusterUnreachableException | ExecutionException e) {
            LOG.warn("cannot look after the lanes now: {}", e.toString());
        }
    }

    private void lookAfter(Lane lane) throws InterruptedException, ExecutionException {
        if (isStopped() || !isAbandoned(lane, listedAt.getOrDefault(lane, ticker.getAsLong()))) {
            return;
        }
        LOG.info("lane={} has no agent any more and is drained", lane.topic());
        fenced.add(lane);
        if (topics.fence(lane, producer) && drain(lane) && isStillAbandoned(lane)) {
            topics.remove(lane);
            fenced.remove(lane);
        }
    }

    /**
     * An agent's first heartbeat is durable before its lanes are opened: once everything up to when
     * a lane was seen has been read, an agent that is absent has left.
     */
    private boolean isAbandoned(Lane lane, long seenAtNanos) {
        AgentView view = agents.get();
        if (!view.includes(seenAtNanos)) {
            return false;
        }
        return view.find(lane.agent())
                .map(agent -> view.silence(agent).compareTo(patience) >= 0)
                .orElse(true);
    }

    /** Waits for all heartbeats up to now: the agent may be back, and must not lose its lane. */
    private boolean isStillAbandoned(Lane lane) throws InterruptedException {
        long asked = ticker.getAsLong();
        while (!agents.get().includes(asked)) {
            if (stopped.await(RECHECK.toMillis(), TimeUnit.MILLISECONDS)
                    || ticker.getAsLong() - asked > patience.toNanos()) {
                return false;
            }
        }
        return isAbandoned(lane, asked);
    }

    /** Whether everything is out of it. */
    private boolean drain(Lane lane) throws InterruptedException, ExecutionException {
        boolean tookMany = tookMany(lane);
        long begin = ticker.getAsLong();
        try (ShareConsumer<byte[], byte[]> consumer = clients.shareMember(lane.group())) {
            consumer.subscribe(List.of(lane.topic()));
            while (!topics.isEmpty(lane)) {
                long now = ticker.getAsLong();
                if (isStopped() || now - begin > DRAIN_PATIENCE.toNanos()) {
                    return false;
                }
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    drain.move(lane, record, tookMany);
                    consumer.acknowledge(record, AcknowledgeType.ACCEPT);
                }
                consumer.commitSync();
            }
            return true;
        }
    }

    private boolean tookMany(Lane lane) {
        return agents.get()
                .find(lane.agent())
                .map(SeenAgent::status)
                .map(status ->
                        status.getSlots().stream()
                                .filter(slots -> slots.getMachineType().equals(lane.machineType()))
                                .anyMatch(SlotStatus::getTakesMany))
                .orElse(true);
    }

    /** An agent that was taken for dead and is back takes calls by its lane again. */
    private void reopen() throws InterruptedException {
        AgentView view = agents.get();
        List<Lane> back =
                fenced.stream().filter(lane -> isBack(view, view.find(lane.agent()))).toList();
        if (!back.isEmpty()) {
            topics.open(back);
            back.forEach(fenced::remove);
        }
    }

    private boolean isBack(AgentView view, Optional<SeenAgent> agent) {
        return agent.isPresent()
                && !agent.get().status().getDraining()
                && view.silence(agent.get()).compareTo(patience) < 0;
    }
}
