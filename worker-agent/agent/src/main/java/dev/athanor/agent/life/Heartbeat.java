package dev.athanor.agent.life;

import dev.athanor.schemas.AgentStatus;
import dev.athanor.schemas.Codec;
import dev.athanor.schemas.HotSandbox;
import dev.athanor.schemas.SlotStatus;
import dev.athanor.schemas.Topics;
import dev.athanor.schemas.cluster.ClusterUnreachableException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongFunction;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the cluster that the agent lives and what it could take: every so often, and at once when
 * that changes. Ends the agent's life when Kafka takes no heartbeat. Safe for any number of
 * threads.
 */
public final class Heartbeat implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Heartbeat.class);

    /** How soon a change is told and the end of a life noticed. */
    private static final Duration TICK = Duration.ofMillis(50);

    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(5);

    /** What others decide by; free slots and idle sandboxes beyond the first change too often. */
    private record Readiness(
            boolean draining, Set<String> free, Set<String> takesMany, Set<HotKey> hot) {
        private record HotKey(Object sandboxKey, String machineType) {}

        static Readiness of(AgentStatus status) {
            return new Readiness(
                    status.getDraining(),
                    status.getSlots().stream()
                            .filter(slot -> slot.getFree() > 0)
                            .map(SlotStatus::getMachineType)
                            .collect(Collectors.toSet()),
                    status.getSlots().stream()
                            .filter(SlotStatus::getTakesMany)
                            .map(SlotStatus::getMachineType)
                            .collect(Collectors.toSet()),
                    status.getHot().stream().map(Readiness::hotKey).collect(Collectors.toSet()));
        }

        private static HotKey hotKey(HotSandbox sandbox) {
            return new HotKey(sandbox.getSandboxKey(), sandbox.getMachineType());
        }
    }

    private final byte[] key;
    private final BeatSettings settings;
    private final Life life;
    private final LongFunction<AgentStatus> report;
    private final Runnable giveUp;
    private final Producer<byte[], byte[]> producer;
    private final LongSupplier ticker;
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().name("agent-heartbeat").factory());

    // Confined to the thread.
    private @Nullable Readiness told;
    private long toldAt;

    /**
     * @param report makes the status of a life, given by its epoch
     * @param giveUp stops everything that runs, without an outcome; called when a life is over
     * @param producer one that gives up a record after {@link BeatSettings#patience}; stays its
     *     giver's to close
     */
    public Heartbeat(
            String agent,
            BeatSettings settings,
            Life life,
            LongFunction<AgentStatus> report,
            Runnable giveUp,
            Producer<byte[], byte[]> producer,
            LongSupplier ticker) {
        this.key = agent.getBytes(StandardCharsets.UTF_8);
        this.settings = settings;
        this.life = life;
        this.report = report;
        this.giveUp = giveUp;
        this.producer = producer;
        this.ticker = ticker;
    }

    /**
     * Begins to beat and returns once the first heartbeat is durable.
     *
     * @throws ClusterUnreachableException when that takes longer than the time-out
     */
    public void start(Duration timeout) throws InterruptedException {
        ScheduledFuture<?> _ =
                thread.scheduleWithFixedDelay(
                        this::tick, 0, TICK.toMillis(), TimeUnit.MILLISECONDS);
        if (!life.current().awaitAnnounced(timeout)) {
            throw new ClusterUnreachableException(
                    "Kafka took no heartbeat within %d s".formatted(timeout.toSeconds()), null);
        }
    }

    /** A failure here must not end the schedule: the agent would seem dead. */
    private void tick() {
        try {
            if (life.current().isOver()) {
                life.renew();
                LOG.warn(
                        "no heartbeat for {}: gives up what it runs, since others run it now",
                        settings.patience());
                giveUp.run();
            }
            beatWhenDue();
        } catch (RuntimeException e) {
            LOG.warn("no heartbeat sent: {}", e.toString());
        }
    }

    private void beatWhenDue() {
        Life.Span span = life.current();
        span.onlyTheseTakeMany(Readiness.of(report.apply(span.epoch())).takesMany());
        // Made after that, so that no slot takes many while this says that none does.
        AgentStatus status = report.apply(span.epoch());
        Readiness readiness = Readiness.of(status);
        long now = ticker.getAsLong();
        if (readiness.equals(told) && now - toldAt < settings.every().toNanos()) {
            return;
        }
        told = readiness;
        toldAt = now;
        Future<RecordMetadata> _ =
                send(
                        Codec.current().encode(status),
                        error -> {
                            if (error == null) {
                                span.beat(now, readiness.takesMany());
                            } else {
                                LOG.debug("a heartbeat was not written: {}", error.toString());
                            }
                        });
    }

    private interface Written {
        void written(@Nullable Exception error);
    }

    private Future<RecordMetadata> send(byte @Nullable [] value, Written callback) {
        return producer.send(
                new ProducerRecord<>(Topics.AGENTS, key, value),
                (metadata, error) -> callback.written(error));
    }

    /** Tells the cluster that the agent is gone and left nothing. */
    @Override
    public void close() {
        thread.close();
        try {
            send(null, error -> {}).get(CLOSE_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException | KafkaException e) {
            LOG.warn("could not take leave of the cluster: {}", e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
