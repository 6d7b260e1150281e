package dev.athanor.dispatcher.call;

import dev.athanor.schemas.Codec;
import dev.athanor.schemas.LogLines;
import dev.athanor.schemas.Reply;
import dev.athanor.schemas.StreamItem;
import dev.athanor.schemas.Topics;
import dev.athanor.schemas.UndecodableException;
import dev.athanor.schemas.cluster.ClusterUnreachableException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads one partition of the replies of each tenant that has called lately, all with one consumer
 * on one thread. What is for others is dropped. After a failure the calls under way are lost, and
 * it goes on with a new consumer. Safe for any number of threads.
 *
 * <p>INVARIANT: a call is expected, and the position in its tenant's partition resolved, before it
 * is sent; so no reply is missed.
 */
final class Replies implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Replies.class);
    private static final Duration POLL = Duration.ofMillis(250);
    private static final Duration TICK = Duration.ofSeconds(10);
    private static final Duration BACKOFF = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(5);

    /** A tenant that calls no more is read for as long as this. */
    private static final Duration KEPT = Duration.ofMinutes(5);

    private final Supplier<Consumer<byte[], byte[]>> consumers;
    private final InstantSource clock;
    private final Map<WaitedCall.Id, Expected> expected = new ConcurrentHashMap<>();
    private final Map<String, Reading> tenants = new ConcurrentHashMap<>();
    private final BlockingQueue<Reading> asked = new LinkedBlockingQueue<>();
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Thread thread;
    private volatile @Nullable Consumer<byte[], byte[]> current;

    /** Confined to the thread: whose partition is which. */
    private final Map<String, Reading> byTopic = new HashMap<>();

    private Instant nextTick = Instant.MIN;

    /** A call, and where its replies are read. */
    private record Expected(WaitedCall call, Reading reading) {}

    /** A tenant's replies; the mutable part is guarded by the tenant's entry in the map. */
    private static final class Reading {
        private final String tenant;
        private final CompletableFuture<TopicPartition> partition = new CompletableFuture<>();
        private int calls;
        private Instant idleSince = Instant.MAX;

        Reading(String tenant) {
            this.tenant = tenant;
        }
    }

    /**
     * @param consumers makes a consumer without a group, anew after a failure
     */
    Replies(Supplier<Consumer<byte[], byte[]>> consumers, InstantSource clock) {
        this.consumers = consumers;
        this.clock = clock;
        this.thread = Thread.ofPlatform().name("dispatcher-replies").daemon().unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /**
     * Passes on what comes for a call, until {@link #forget}.
     *
     * @return false when there is one of its id
     */
    boolean expect(WaitedCall call) {
        Reading reading =
                tenants.compute(
                        call.id().tenant(),
                        (tenant, known) -> {
                            Reading used = known == null ? asked(tenant) : known;
                            used.calls++;
                            return used;
                        });
        if (expected.putIfAbsent(call.id(), new Expected(call, reading)) != null) {
            leave(reading);
            return false;
        }
        return true;
    }

    private Reading asked(String tenant) {
        Reading reading = new Reading(tenant);
        asked.add(reading);
        Consumer<byte[], byte[]> consumer = current;
        if (consumer != null) {
            consumer.wakeup();
        }
        return reading;
    }

    /**
     * Where the replies of an expected call are read.
     *
     * @throws ClusterUnreachableException when Kafka does not answer
     */
    int partition(WaitedCall call) throws InterruptedException {
        Expected found = expected.get(call.id());
        if (found == null) {
            throw new IllegalArgumentException("it is not expected");
        }
        try {
            return found.reading
                    .partition
                    .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                    .partition();
        } catch (ExecutionException | TimeoutException e) {
            throw new ClusterUnreachableException("Kafka does not show the replies", e);
        }
    }

    void forget(WaitedCall call) {
        Expected found = expected.get(call.id());
        if (found != null && found.call == call && expected.remove(call.id(), found)) {
            leave(found.reading);
        }
    }

    private void leave(Reading reading) {
        tenants.compute(
                reading.tenant,
                (tenant, known) -> {
                    reading.calls--;
                    reading.idleSince = clock.instant();
                    return known;
                });
    }

    private void run() {
        while (!isStopped()) {
            try (Consumer<byte[], byte[]> consumer = consumers.get()) {
                current = consumer;
                while (!isStopped()) {
                    step(consumer);
                }
            } catch (RuntimeException e) {
                LOG.warn("replies cannot be read and are tried again", e);
                loseAll("the dispatcher cannot read replies: " + e);
                backOff();
            } catch (InterruptedException e) {
                stopped.countDown();
            } finally {
                current = null;
            }
        }
        loseAll("the dispatcher was stopped");
    }

    private void step(Consumer<byte[], byte[]> consumer) throws InterruptedException {
        try {
            Reading next = byTopic.isEmpty() ? asked.poll(1, TimeUnit.SECONDS) : asked.poll();
            if (next != null) {
                admit(consumer, next);
            }
            if (!byTopic.isEmpty()) {
                consumer.poll(POLL).forEach(this::read);
                dismissIdle(consumer);
            }
        } catch (WakeupException e) {
            LOG.debug("woken up, since there is a new tenant or an end");
        }
    }

    private void admit(Consumer<byte[], byte[]> consumer, Reading reading) {
        String topic = Topics.replies(reading.tenant);
        try {
            List<PartitionInfo> partitions = consumer.partitionsFor(topic, PATIENCE);
            TopicPartition own =
                    new TopicPartition(
                            topic, ThreadLocalRandom.current().nextInt(partitions.size()));
            byTopic.put(topic, reading);
            List<TopicPartition> all = new ArrayList<>(consumer.assignment());
            all.add(own);
            consumer.assign(all);
            consumer.seekToEnd(List.of(own));
            consumer.position(own, PATIENCE);
            reading.partition.complete(own);
        } catch (WakeupException e) {
            // One that came too late for a poll.
            dismiss(consumer, topic);
            asked.add(reading);
        } catch (KafkaException e) {
            // Others are read on.
            dismiss(consumer, topic);
            tenants.remove(reading.tenant, reading);
            reading.partition.completeExceptionally(e);
        }
    }

    private void dismiss(Consumer<byte[], byte[]> consumer, String topic) {
        byTopic.remove(topic);
        consumer.assign(
                consumer.assignment().stream()
                        .filter(each -> !each.topic().equals(topic))
                        .toList());
    }

    private void dismissIdle(Consumer<byte[], byte[]> consumer) {
        Instant now = clock.instant();
        if (now.isBefore(nextTick)) {
            return;
        }
        nextTick = now.plus(TICK);
        Instant oldest = now.minus(KEPT);
        for (Reading reading : List.copyOf(byTopic.values())) {
            Reading left =
                    tenants.computeIfPresent(
                            reading.tenant,
                            (tenant, known) ->
                                    known.calls == 0 && known.idleSince.isBefore(oldest)
                                            ? null
                                            : known);
            if (left == null) {
                dismiss(consumer, Topics.replies(reading.tenant));
            }
        }
    }

    private void read(ConsumerRecord<byte[], byte[]> record) {
        Reading reading = byTopic.get(record.topic());
        if (reading == null || record.value() == null) {
            return;
        }
        try {
            SpecificRecordBase value = Codec.current().decode(record.value());
            if (value instanceof Reply reply) {
                WaitedCall call = call(reading, reply.getCorrelationId());
                if (call != null) {
                    call.reply(reply);
                }
            } else if (value instanceof StreamItem item) {
                WaitedCall call = call(reading, item.getCorrelationId());
                if (call != null) {
                    call.value(item);
                }
            } else if (value instanceof LogLines lines) {
                WaitedCall call = call(reading, lines.getCorrelationId());
                if (call != null) {
                    call.lines(lines);
                }
            }
        } catch (UndecodableException e) {
            LOG.debug("offset={} dropped: {}", record.offset(), e.getMessage());
        }
    }

    private @Nullable WaitedCall call(Reading reading, String correlationId) {
        Expected found = expected.get(new WaitedCall.Id(reading.tenant, correlationId));
        return found == null ? null : found.call;
    }

    private void loseAll(String why) {
        byTopic.clear();
        for (Reading reading : List.copyOf(tenants.values())) {
            if (tenants.remove(reading.tenant, reading)) {
                reading.partition.completeExceptionally(new ClusterUnreachableException(why, null));
            }
        }
        expected.values().forEach(each -> each.call.lost(why));
    }

    private boolean isStopped() {
        return stopped.getCount() == 0;
    }

    private void backOff() {
        try {
            boolean isStopped = stopped.await(BACKOFF.toMillis(), TimeUnit.MILLISECONDS);
            LOG.debug("stopped={}", isStopped);
        } catch (InterruptedException e) {
            stopped.countDown();
        }
    }

    @Override
    public void close() {
        stopped.countDown();
        Consumer<byte[], byte[]> consumer = current;
        if (consumer != null) {
            consumer.wakeup();
        }
        try {
            boolean ended = thread.join(CLOSE_PATIENCE);
            LOG.debug("ended={}", ended);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
