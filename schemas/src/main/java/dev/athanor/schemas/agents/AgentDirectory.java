package dev.athanor.schemas.agents;

import dev.athanor.schemas.AgentStatus;
import dev.athanor.schemas.Codec;
import dev.athanor.schemas.Topics;
import dev.athanor.schemas.UndecodableException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the heartbeats of all agents, from the oldest that is kept, on a thread of its own.
 * Heartbeats that cannot be read are counted and dropped. Safe for any number of threads.
 */
public final class AgentDirectory implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AgentDirectory.class);
    private static final Duration POLL = Duration.ofMillis(250);
    private static final Duration ASK_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration BACKOFF = Duration.ofSeconds(1);
    private static final Duration DEPARTED_KEPT = Duration.ofMinutes(1);
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(5);

    private final Consumer<byte[], byte[]> consumer;
    private final LongSupplier ticker;
    private final long confirmEveryNanos;
    private final Thread thread;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final AtomicLong dropped = new AtomicLong();
    private volatile AgentView view = AgentView.empty();

    // Confined to the thread.
    private final Map<String, SeenAgent> agents = new HashMap<>();
    private final List<SeenAgent> departed = new ArrayList<>();
    private boolean isAsked;
    private long askedAt;
    private Map<TopicPartition, Long> ends = Map.of();

    private AgentDirectory(
            Consumer<byte[], byte[]> consumer, LongSupplier ticker, Duration confirmEvery) {
        this.consumer = consumer;
        this.ticker = ticker;
        this.confirmEveryNanos = confirmEvery.toNanos();
        this.thread = new Thread(this::run, "agent-directory");
        thread.setDaemon(true);
    }

    /**
     * Begins to follow; {@link AgentView#isComplete} once everything has been read.
     *
     * @param consumer without a group; closed with this
     * @param ticker a monotonic clock in nanoseconds, such as {@code System::nanoTime}
     * @param confirmEvery how often the topic's end is asked for, which is what silence is measured
     *     by; 1 s does
     */
    public static AgentDirectory follow(
            Consumer<byte[], byte[]> consumer, LongSupplier ticker, Duration confirmEvery) {
        AgentDirectory directory = new AgentDirectory(consumer, ticker, confirmEvery);
        directory.thread.start();
        return directory;
    }

    /** The agents as they are known now. */
    public AgentView view() {
        return view;
    }

    /** How many heartbeats could not be read. */
    public long dropped() {
        return dropped.get();
    }

    private void run() {
        try (consumer) {
            while (closed.getCount() > 0) {
                followOrBackOff();
            }
        } catch (WakeupException | InterruptException | InterruptedException e) {
            LOG.debug("no longer follows the agents");
        }
    }

    private void followOrBackOff() throws InterruptedException {
        try {
            if (consumer.assignment().isEmpty()) {
                assign();
            }
            follow();
        } catch (WakeupException | InterruptException e) {
            throw e;
        } catch (KafkaException e) {
            LOG.warn("cannot follow the agents, tries again: {}", e.toString());
            boolean isClosed = closed.await(BACKOFF.toMillis(), TimeUnit.MILLISECONDS);
            LOG.debug("closed={}", isClosed);
        }
    }

    private void assign() {
        List<TopicPartition> partitions =
                consumer.partitionsFor(Topics.AGENTS, ASK_TIMEOUT).stream()
                        .map(info -> new TopicPartition(info.topic(), info.partition()))
                        .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
    }

    private void follow() {
        long asking = ticker.getAsLong();
        if (!isAsked || asking - askedAt >= confirmEveryNanos) {
            // Taken before asking: what is durable by then lies before the end.
            ends = consumer.endOffsets(consumer.assignment(), ASK_TIMEOUT);
            askedAt = asking;
            isAsked = true;
        }
        boolean changed = false;
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
            apply(record);
            changed = true;
        }
        if (changed) {
            long now = ticker.getAsLong();
            departed.removeIf(agent -> now - agent.seenAtNanos() > DEPARTED_KEPT.toNanos());
            view = new AgentView(agents, departed, view.confirmedAtNanos());
        }
        if (hasReached(ends)) {
            view = view.confirmedAt(askedAt);
        }
    }

    private boolean hasReached(Map<TopicPartition, Long> offsets) {
        return offsets.entrySet().stream()
                .allMatch(end ->
                        end.getValue() == 0
                                || consumer.position(end.getKey(), ASK_TIMEOUT) >= end.getValue());
    }

    private void apply(ConsumerRecord<byte[], byte[]> record) {
        if (record.key() == null) {
            dropped.incrementAndGet();
            return;
        }
        String agent = new String(record.key(), StandardCharsets.UTF_8);
        if (record.value() == null) {
            SeenAgent last = agents.remove(agent);
            if (last != null) {
                departed.add(new SeenAgent(last.status(), ticker.getAsLong()));
            }
            return;
        }
        try {
            AgentStatus status = Codec.current().decode(record.value(), AgentStatus.class);
            agents.put(agent, new SeenAgent(status, ticker.getAsLong()));
        } catch (UndecodableException e) {
            dropped.incrementAndGet();
            LOG.debug("agent={} heartbeat dropped: {}", agent, e.getMessage());
        }
    }

    @Override
    public void close() {
        closed.countDown();
        consumer.wakeup();
        try {
            thread.join(CLOSE_PATIENCE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
