package dev.athanor.agent.slot;

import dev.athanor.schemas.Lane;
import dev.athanor.schemas.cluster.ClusterUnreachableException;
import dev.athanor.schemas.cluster.LaneTopics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.Producer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The lanes of an agent, from its start to its end. For one thread at a time. */
public final class Lanes {
    private static final Logger LOG = LoggerFactory.getLogger(Lanes.class);
    private static final Duration EMPTYING_PATIENCE = Duration.ofSeconds(10);
    private static final long LOOK_EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    /**
     * Who heard of the agent just before it left is refused at once during this; a topic that is
     * gone would have him wait.
     */
    private static final long FENCED_FOR_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private final List<Lane> lanes;
    private final LaneTopics topics;
    private final Producer<byte[], byte[]> producer;
    private List<Lane> emptied = List.of();

    /**
     * @param lanes one for each machine type that the agent serves
     * @param producer stays its giver's to close
     */
    public Lanes(List<Lane> lanes, LaneTopics topics, Producer<byte[], byte[]> producer) {
        this.lanes = List.copyOf(lanes);
        this.topics = topics;
        this.producer = producer;
    }

    void open() throws InterruptedException {
        topics.open(lanes);
    }

    /** Once their consumers have joined: makes {@link #empty} quick. */
    void joined() {
        lanes.forEach(topics::expectQuestions);
    }

    /**
     * Has callers' writes refused, and waits until all that they wrote before is out of the lanes;
     * the agent's consumers, which still run, put it into the queue. What a cluster that does not
     * answer leaves there is the dispatcher's to drain.
     */
    void empty() throws InterruptedException {
        List<Lane> done = new ArrayList<>();
        long deadline = System.nanoTime() + EMPTYING_PATIENCE.toNanos();
        try {
            List<Lane> fenced = fenced();
            LockSupport.parkNanos(FENCED_FOR_NANOS);
            for (Lane lane : fenced) {
                if (isEmptyBy(deadline, lane)) {
                    done.add(lane);
                }
            }
        } catch (ClusterUnreachableException e) {
            LOG.warn("lanes={} are left as they are: {}", lanes, e.getMessage());
        }
        emptied = done;
    }

    private List<Lane> fenced() throws InterruptedException {
        List<Lane> fenced = new ArrayList<>();
        for (Lane lane : lanes) {
            if (topics.fence(lane, producer)) {
                fenced.add(lane);
            }
        }
        return fenced;
    }

    private boolean isEmptyBy(long deadline, Lane lane) throws InterruptedException {
        while (!topics.isEmpty(lane)) {
            if (System.nanoTime() > deadline) {
                LOG.warn("lane={} is not empty and stays", lane.topic());
                return false;
            }
            LockSupport.parkNanos(LOOK_EVERY_NANOS);
        }
        return true;
    }

    /** Takes the lanes away that were emptied, once their consumers are closed. */
    void remove() throws InterruptedException {
        try {
            for (Lane lane : emptied) {
                topics.remove(lane);
            }
        } catch (ClusterUnreachableException e) {
            LOG.warn("lanes={} are left behind, empty: {}", emptied, e.getMessage());
        }
    }
}
