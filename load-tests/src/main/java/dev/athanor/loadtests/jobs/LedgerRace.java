package dev.athanor.loadtests.jobs;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/** How fast the ledger takes events in that wait for it, and how fast they can be read at all. */
final class LedgerRace {
    private static final Duration LONGEST = Duration.ofMinutes(10);

    private final JobsSetting setting;
    private double readPerSecond;
    private double appliedPerSecond;

    LedgerRace(JobsSetting setting) {
        this.setting = setting;
    }

    double readPerSecond() {
        return readPerSecond;
    }

    double appliedPerSecond() {
        return appliedPerSecond;
    }

    /**
     * Writes two events for each of half as many jobs while no dispatcher is there, and then has
     * them applied.
     */
    void run(int events) throws InterruptedException {
        setting.stopDispatcher();
        Map<TopicPartition, Long> begin = setting.eventEnds();
        setting.writeEvents(events);
        readPerSecond = events / seconds(read(begin, setting.eventEnds()));
        setting.startDispatcher();
        long before = setting.applied();
        long started = System.nanoTime();
        while (setting.applied() < before + 1) {
            pause(started);
        }
        // What it takes to join is not what is measured.
        long first = setting.applied();
        long begun = System.nanoTime();
        while (setting.applied() < before + events) {
            pause(started);
        }
        appliedPerSecond = (before + events - first) / seconds(System.nanoTime() - begun);
    }

    private static void pause(long started) throws InterruptedException {
        if (System.nanoTime() - started > LONGEST.toNanos()) {
            throw new IllegalStateException("the ledger did not catch up in " + LONGEST);
        }
        boolean _ = new CountDownLatch(1).await(1, TimeUnit.MILLISECONDS);
    }

    private long read(Map<TopicPartition, Long> begin, Map<TopicPartition, Long> end) {
        try (KafkaConsumer<byte[], byte[]> consumer = setting.consumer()) {
            consumer.assign(List.copyOf(begin.keySet()));
            begin.forEach(consumer::seek);
            long started = System.nanoTime();
            while (end.entrySet().stream()
                    .anyMatch(each -> consumer.position(each.getKey()) < each.getValue())) {
                consumer.poll(Duration.ofMillis(100));
            }
            return System.nanoTime() - started;
        }
    }

    private static double seconds(long nanos) {
        return Math.max(nanos, 1) / 1e9;
    }
}
