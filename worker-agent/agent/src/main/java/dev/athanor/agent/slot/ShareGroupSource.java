package dev.athanor.agent.slot;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ShareConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;

/**
 * Takes records through a share group, one or {@value FetchSize#WIDE} at a time.
 *
 * <p>The fetch size of a consumer is fixed, so there are two, the wide one made when first asked
 * for. A consumer that is left alone must have no fetch under way: its answer would hold records
 * that nobody looks at until their lock runs out. A poll that gave records leaves none, one that
 * gave nothing does; so consumers are changed only right after records came.
 */
final class ShareGroupSource implements InvocationSource {
    private static final Duration POLL = Duration.ofSeconds(5);

    private final String topic;
    private final IntFunction<ShareConsumer<byte[], byte[]>> consumers;
    private final ShareConsumer<byte[], byte[]> narrow;
    private @Nullable ShareConsumer<byte[], byte[]> wide;
    private volatile ShareConsumer<byte[], byte[]> current;
    private boolean mayChange = true;

    /**
     * @param consumers makes a consumer of the slot's share group that takes the given number of
     *     records at a time and acknowledges explicitly
     */
    ShareGroupSource(String topic, IntFunction<ShareConsumer<byte[], byte[]>> consumers) {
        this.topic = topic;
        this.consumers = consumers;
        this.narrow = join(1);
        this.current = narrow;
    }

    @Override
    public List<ConsumerRecord<byte[], byte[]>> take(boolean wantsWide) {
        if (mayChange) {
            change(wantsWide ? wideWhenJoined() : narrow);
        }
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        try {
            current.poll(POLL).forEach(records::add);
        } catch (WakeupException e) {
            return List.of();
        }
        mayChange = !records.isEmpty();
        return records;
    }

    private void change(ShareConsumer<byte[], byte[]> next) {
        if (!next.equals(current)) {
            current.commitAsync();
            current = next;
        }
    }

    private ShareConsumer<byte[], byte[]> wideWhenJoined() {
        if (wide == null) {
            wide = join(FetchSize.WIDE);
        }
        return hasJoined(wide) ? wide : current;
    }

    /** A consumer joins at its first poll, and has nothing to fetch from during that one. */
    private ShareConsumer<byte[], byte[]> join(int maxRecords) {
        ShareConsumer<byte[], byte[]> consumer = consumers.apply(maxRecords);
        consumer.subscribe(List.of(topic));
        consumer.poll(Duration.ZERO);
        return consumer;
    }

    private static boolean hasJoined(ShareConsumer<byte[], byte[]> consumer) {
        for (Map.Entry<MetricName, ? extends Metric> metric : consumer.metrics().entrySet()) {
            if (metric.getKey().name().equals("rebalance-total")) {
                return ((Number) metric.getValue().metricValue()).doubleValue() > 0;
            }
        }
        return false;
    }

    @Override
    public void accept(ConsumerRecord<byte[], byte[]> record) {
        current.acknowledge(record, AcknowledgeType.ACCEPT);
    }

    @Override
    public void release(ConsumerRecord<byte[], byte[]> record) {
        current.acknowledge(record, AcknowledgeType.RELEASE);
    }

    @Override
    public void commit() {
        for (Optional<KafkaException> failure : commitDespiteWakeup().values()) {
            if (failure.isPresent()) {
                throw failure.get();
            }
        }
    }

    /** A wake-up is meant for a poll, and comes once; what it met was on its way by then. */
    private Map<TopicIdPartition, Optional<KafkaException>> commitDespiteWakeup() {
        try {
            return current.commitSync();
        } catch (WakeupException e) {
            return current.commitSync();
        }
    }

    @Override
    public void wakeup() {
        current.wakeup();
    }

    @Override
    public void close() {
        try {
            narrow.close();
        } finally {
            if (wide != null) {
                wide.close();
            }
        }
    }
}
