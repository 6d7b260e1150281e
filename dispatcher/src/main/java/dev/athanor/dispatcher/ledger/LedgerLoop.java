package dev.athanor.dispatcher.ledger;

import dev.athanor.dispatcher.database.DatabaseException;
import dev.athanor.dispatcher.metrics.DispatcherMetrics;
import dev.athanor.schemas.Codec;
import dev.athanor.schemas.JobEvent;
import dev.athanor.schemas.Topics;
import dev.athanor.schemas.UndecodableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the events of jobs into the database, on one thread. Whatever fails is tried again from
 * where the database says, without an end: the events wait in Kafka.
 */
final class LedgerLoop implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(LedgerLoop.class);
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration BACKOFF = Duration.ofSeconds(1);
    private static final Duration DROP_PERIOD = Duration.ofHours(1);

    private final Supplier<Consumer<byte[], byte[]>> consumers;
    private final LedgerStore store;
    private final JobPartitions days;
    private final DispatcherMetrics metrics;
    private final LongSupplier ticker;
    private final CountDownLatch stopped = new CountDownLatch(1);

    /** Where the database says that reading goes on, of the partitions that are this member's. */
    private final Map<TopicPartition, Long> offsets = new HashMap<>();

    private Optional<Long> droppedAt = Optional.empty();
    private volatile boolean working;

    /**
     * @param consumers makes a member of a group that does not commit
     * @param ticker nanoseconds of a clock that never goes back
     */
    LedgerLoop(
            Supplier<Consumer<byte[], byte[]>> consumers,
            LedgerStore store,
            JobPartitions days,
            DispatcherMetrics metrics,
            LongSupplier ticker) {
        this.consumers = consumers;
        this.store = store;
        this.days = days;
        this.metrics = metrics;
        this.ticker = ticker;
    }

    void stop() {
        stopped.countDown();
    }

    /** Whether Kafka and the database did their part when it last asked them. */
    boolean isWorking() {
        return working;
    }

    @Override
    public void run() {
        while (stopped.getCount() > 0) {
            try (Consumer<byte[], byte[]> consumer = consumers.get()) {
                follow(consumer);
            } catch (InterruptException e) {
                return;
            } catch (KafkaException | DatabaseException e) {
                failed(e);
            }
        }
    }

    private void follow(Consumer<byte[], byte[]> consumer) {
        offsets.clear();
        consumer.subscribe(List.of(Topics.JOBS), new Assignment(consumer));
        while (stopped.getCount() > 0) {
            ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
            try {
                dropOld();
                if (!records.isEmpty()) {
                    apply(records);
                }
            } catch (DatabaseException | OutrunException e) {
                failed(e);
                // Asks the database again, since it may have done what it did not answer to.
                days.forget();
                consumer.unsubscribe();
                return;
            }
        }
    }

    private void apply(ConsumerRecords<byte[], byte[]> records) {
        Map<JobRow.Key, JobRow> rows = new HashMap<>();
        List<Progress> progress = new ArrayList<>();
        int applied = 0;
        int refused = 0;
        for (TopicPartition partition : records.partitions()) {
            long next = 0;
            for (ConsumerRecord<byte[], byte[]> record : records.records(partition)) {
                Optional<JobRow> row = row(record);
                row.ifPresent(each -> rows.merge(each.key(), each, JobRow::merge));
                applied += row.isPresent() ? 1 : 0;
                refused += row.isPresent() ? 0 : 1;
                next = record.offset() + 1;
            }
            progress.add(new Progress(partition, offsets.getOrDefault(partition, 0L), next));
        }
        days.make(rows.keySet().stream().map(key -> JobId.day(key.id())).toList());
        store.apply(rows.values(), progress);
        progress.forEach(each -> offsets.put(each.partition(), each.to()));
        metrics.ledgerApplied(applied);
        metrics.ledgerRefused(refused);
    }

    private Optional<JobRow> row(ConsumerRecord<byte[], byte[]> record) {
        try {
            byte[] value = record.value() == null ? new byte[0] : record.value();
            Optional<JobRow> row =
                    JobRow.of(Codec.current().decode(value, JobEvent.class))
                            .filter(each -> days.holds(JobId.day(each.key().id())));
            if (row.isEmpty()) {
                refuse(record, "no event of a job that is kept");
            }
            return row;
        } catch (UndecodableException e) {
            refuse(record, e.toString());
            return Optional.empty();
        }
    }

    private static void refuse(ConsumerRecord<byte[], byte[]> record, String reason) {
        LOG.warn(
                "topic={} partition={} offset={} left out of the ledger: {}",
                record.topic(),
                record.partition(),
                record.offset(),
                reason);
    }

    private void dropOld() {
        long now = ticker.getAsLong();
        if (droppedAt.isPresent() && now - droppedAt.get() < DROP_PERIOD.toNanos()) {
            return;
        }
        days.dropOld().forEach(day -> LOG.info("day={} dropped from the ledger", day));
        droppedAt = Optional.of(now);
    }

    private void failed(RuntimeException e) {
        working = false;
        LOG.warn("the ledger tries again: {}", e.toString());
        try {
            boolean isStopped = stopped.await(BACKOFF.toMillis(), TimeUnit.MILLISECONDS);
            LOG.debug("stopped={}", isStopped);
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
            stop();
        }
    }

    /** Goes on where the database says, whoever read before. */
    private final class Assignment implements ConsumerRebalanceListener {
        private final Consumer<byte[], byte[]> consumer;

        Assignment(Consumer<byte[], byte[]> consumer) {
            this.consumer = consumer;
        }

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            Map<TopicPartition, Long> found = store.offsets(partitions);
            found.forEach(consumer::seek);
            offsets.putAll(found);
            working = true;
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            offsets.keySet().removeAll(partitions);
        }
    }
}
