package dev.athanor.dispatcher.supervision;

import dev.athanor.dispatcher.metrics.DispatcherMetrics;
import dev.athanor.schemas.Topics;
import dev.athanor.schemas.UndecodableException;
import dev.athanor.schemas.agents.AgentView;
import dev.athanor.schemas.attempt.LostCall;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches the leases of the partitions that its group gives it, and has those rescued that no agent
 * runs any more. Whatever Kafka refuses is tried again, from the beginning of the leases.
 */
final class LeaseWatch implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(LeaseWatch.class);
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration ASK_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration BACKOFF = Duration.ofSeconds(1);

    private static final TopicPartition FIRST = new TopicPartition(Topics.RUNNING, 0);

    /** A transaction holds up its queues while it is open, so it is a short one. */
    private static final int MAX_RESCUED_AT_ONCE = 100;

    private final Supplier<Consumer<byte[], byte[]>> consumers;
    private final Function<TopicPartition, Rescuer> rescuers;
    private final Supplier<AgentView> agents;
    private final Duration patience;
    private final DispatcherMetrics metrics;
    private final LongSupplier ticker;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private volatile int leases;
    private volatile boolean assigned;
    private volatile boolean holdsFirst;

    // Confined to the thread.
    private final Map<TopicPartition, SupervisedPartition> partitions = new HashMap<>();
    private final Set<String> queues = new HashSet<>();

    /**
     * @param consumers makes a member of the supervisors' group
     * @param rescuers takes a partition over
     * @param agents the agents as they are known now
     */
    LeaseWatch(
            Supplier<Consumer<byte[], byte[]>> consumers,
            Function<TopicPartition, Rescuer> rescuers,
            Supplier<AgentView> agents,
            Duration patience,
            DispatcherMetrics metrics,
            LongSupplier ticker) {
        this.consumers = consumers;
        this.rescuers = rescuers;
        this.agents = agents;
        this.patience = patience;
        this.metrics = metrics;
        this.ticker = ticker;
    }

    /** How many open leases there are in its partitions. */
    int leases() {
        return leases;
    }

    /** Whether its group has given it its partitions. */
    boolean isAssigned() {
        return assigned;
    }

    /**
     * Whether its group has given it the first partition, whose holder does what only one is to do.
     * Two may have it for a moment, when one of them was cut off or frozen.
     */
    boolean holdsFirst() {
        return holdsFirst;
    }

    void stop() {
        stopped.countDown();
    }

    @Override
    public void run() {
        while (!isStopped()) {
            try (Consumer<byte[], byte[]> consumer = consumers.get()) {
                consumer.subscribe(List.of(Topics.RUNNING), new Assignments(consumer));
                while (!isStopped()) {
                    read(consumer);
                    supervise(consumer);
                }
            } catch (InterruptException | WakeupException e) {
                return;
            } catch (KafkaException e) {
                LOG.warn("supervision begins again: {}", e.toString());
                backOff();
            } finally {
                forget(List.copyOf(partitions.keySet()));
            }
        }
    }

    private boolean isStopped() {
        return stopped.getCount() == 0;
    }

    private void backOff() {
        try {
            boolean isStopped = stopped.await(BACKOFF.toMillis(), TimeUnit.MILLISECONDS);
            LOG.debug("stopped={}", isStopped);
        } catch (InterruptedException e) {
            stop();
        }
    }

    private void read(Consumer<byte[], byte[]> consumer) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
            SupervisedPartition partition =
                    partitions.get(new TopicPartition(record.topic(), record.partition()));
            if (partition != null) {
                apply(partition.table(), record);
            }
        }
        leases = partitions.values().stream().mapToInt(p -> p.table().size()).sum();
    }

    private void apply(LeaseTable table, ConsumerRecord<byte[], byte[]> record) {
        try {
            table.apply(record, ticker.getAsLong());
        } catch (UndecodableException e) {
            metrics.undecodable();
            LOG.warn(
                    "topic={} partition={} offset={} is no lease and left alone: {}",
                    record.topic(),
                    record.partition(),
                    record.offset(),
                    e.getMessage());
        }
    }

    private void supervise(Consumer<byte[], byte[]> consumer) {
        AgentView view = agents.get();
        for (Map.Entry<TopicPartition, SupervisedPartition> each : partitions.entrySet()) {
            TopicPartition name = each.getKey();
            SupervisedPartition partition = each.getValue();
            if (!partition.knowsEnd()) {
                consumer.endOffsets(List.of(name), ASK_TIMEOUT).values().forEach(partition::setEnd);
            }
            if (partition.isComplete(consumer.position(name, ASK_TIMEOUT))) {
                supervise(consumer, name, partition, view);
            }
        }
    }

    private void supervise(
            Consumer<byte[], byte[]> consumer,
            TopicPartition name,
            SupervisedPartition partition,
            AgentView view) {
        List<HeldLease> all = partition.table().orphans(view, patience, MAX_RESCUED_AT_ONCE);
        all.removeIf(held -> isForNoQueue(consumer, partition, held));
        if (all.isEmpty()) {
            return;
        }
        try {
            Rescuer rescuer = partition.rescuer();
            if (rescuer == null) {
                // Judged anew once everything that an earlier rescuer committed has been read.
                partition.takenOver(rescuers.apply(name));
                return;
            }
            List<HeldLease> first = firstOfTheirGeneration(partition, all);
            List<LostCall> lost =
                    rescuer.rescue(
                            name.partition(),
                            first.stream().map(HeldLease::lease).toList(),
                            all.stream().map(held -> held.key().get()).toList());
            all.forEach(partition.table()::remove);
            long now = ticker.getAsLong();
            first.forEach(held -> partition.rescued().add(held.generation(), now));
            partition.rescued().expire(now);
            tell(first, view, lost);
        } catch (KafkaException e) {
            LOG.warn("partition={} rescue tried again: {}", name, e.toString());
            partition.dropRescuer();
            backOff();
        }
    }

    /** Agents take invocations of a queue only, so what is for none was not written by one. */
    private boolean isForNoQueue(
            Consumer<byte[], byte[]> consumer, SupervisedPartition partition, HeldLease held) {
        String machineType = held.lease().getMachineType();
        if (queues.contains(machineType)) {
            return false;
        }
        if (Topics.isName(machineType)
                && !consumer.partitionsFor(Topics.invocations(machineType), ASK_TIMEOUT)
                        .isEmpty()) {
            queues.add(machineType);
            return false;
        }
        metrics.undecodable();
        LOG.warn(
                "correlationId={} has a lease for a machine type that has no queue, left alone",
                held.lease().getCorrelationId());
        partition.table().remove(held);
        return true;
    }

    /**
     * Those to run elsewhere; the others are ended only, since their loss has been seen to, or is
     * once the agent that has the same invocation under a lease is lost as well.
     */
    private static List<HeldLease> firstOfTheirGeneration(
            SupervisedPartition partition, List<HeldLease> orphans) {
        Map<Generation, HeldLease> first = new LinkedHashMap<>();
        for (HeldLease held : orphans) {
            boolean isSeenTo =
                    partition.rescued().contains(held.generation())
                            || (held.isNobodys() && partition.table().isHeldBesides(held));
            if (!isSeenTo) {
                first.putIfAbsent(held.generation(), held);
            }
        }
        return List.copyOf(first.values());
    }

    private void tell(List<HeldLease> rescued, AgentView view, List<LostCall> lost) {
        for (HeldLease held : rescued) {
            Verdict verdict = Verdict.of(held, view, patience);
            metrics.republished(verdict);
            LOG.info(
                    "correlationId={} attempt={} agent={} verdict={}: run elsewhere",
                    held.lease().getCorrelationId(),
                    held.lease().getAttempt(),
                    held.lease().getAgent(),
                    verdict);
        }
        for (LostCall call : lost) {
            metrics.lost();
            LOG.warn("correlationId={} is lost: no attempt is left", call.correlationId());
        }
    }

    private void forget(Collection<TopicPartition> names) {
        for (TopicPartition name : names) {
            SupervisedPartition partition = partitions.remove(name);
            if (partition != null) {
                partition.close();
            }
        }
        assigned = assigned && !partitions.isEmpty();
        holdsFirst = partitions.containsKey(FIRST);
    }

    private final class Assignments implements ConsumerRebalanceListener {
        private final Consumer<byte[], byte[]> consumer;

        Assignments(Consumer<byte[], byte[]> consumer) {
            this.consumer = consumer;
        }

        /** A partition's leases are few, and are all that its supervisor needs to know. */
        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> names) {
            consumer.seekToBeginning(names);
            names.forEach(name -> partitions.put(name, new SupervisedPartition()));
            assigned = true;
            holdsFirst = partitions.containsKey(FIRST);
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> names) {
            forget(names);
        }
    }
}
