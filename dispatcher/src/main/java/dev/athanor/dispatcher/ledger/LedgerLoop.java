package dev.athanor.dispatcher.ledger;

import dev.athanor.dispatcher.database.DatabaseException;
import dev.athanor.dispatcher.metrics.DispatcherMetrics;
import dev.athanor.dispatcher.outbox.DueWebhook;
import dev.athanor.dispatcher.outbox.WaitingAttempt;
import dev.athanor.schemas.Topics;
import dev.athanor.schemas.UndecodableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
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
    private final EventReader reader;
    private final JobPartitions days;
    private final ResultPartitions results;
    private final LedgerSignals signals;
    private final BlobCopier copier;
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
            EventReader reader,
            JobPartitions days,
            ResultPartitions results,
            LedgerSignals signals,
            BlobCopier copier,
            DispatcherMetrics metrics,
            LongSupplier ticker) {
        this.consumers = consumers;
        this.store = store;
        this.reader = reader;
        this.days = days;
        this.results = results;
        this.signals = signals;
        this.copier = copier;
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
                apply(records, progress(consumer));
            } catch (DatabaseException | OutrunException e) {
                failed(e);
                // Asks the database again, since it may have done what it did not answer to.
                days.forget();
                results.forget();
                consumer.unsubscribe();
                return;
            }
        }
    }

    /** What was read, with what marks the ends of transactions, which no record shows. */
    private List<Progress> progress(Consumer<byte[], byte[]> consumer) {
        List<Progress> progress = new ArrayList<>();
        offsets.forEach((partition, from) -> {
            long to = consumer.position(partition);
            if (to > from) {
                progress.add(new Progress(partition, from, to));
            }
        });
        return progress;
    }

    private void apply(ConsumerRecords<byte[], byte[]> records, List<Progress> progress) {
        if (progress.isEmpty()) {
            return;
        }
        Map<JobKey, JobRow> rows = new HashMap<>();
        List<JobEnd> ends = new ArrayList<>();
        List<WaitingAttempt> waiting = new ArrayList<>();
        List<DueWebhook> webhooks = new ArrayList<>();
        int applied = 0;
        for (ConsumerRecord<byte[], byte[]> record : records) {
            Optional<ReadEvent> event = event(record);
            if (event.isPresent()) {
                rows.merge(event.get().row().key(), event.get().row(), JobRow::merge);
                event.get().end().ifPresent(ends::add);
                event.get().waiting().ifPresent(waiting::add);
                event.get().webhook().ifPresent(webhooks::add);
                applied++;
            }
        }
        days.make(rows.keySet().stream().map(key -> JobId.day(key.id())).toList());
        results.make(ends.stream().map(end -> ResultPartitions.day(end.expiresAt())).toList());
        store.apply(rows.values(), new Consequences(ends, waiting, webhooks), progress);
        metrics.ledgerApplied(applied);
        metrics.ledgerRefused(records.count() - applied);
        tell(rows.values(), ends, progress);
    }

    private void tell(
            Collection<JobRow> rows, Collection<JobEnd> ends, Collection<Progress> progress) {
        for (Progress each : progress) {
            offsets.put(each.partition(), each.to());
            signals.applied(each.partition(), each.to());
        }
        rows.stream().filter(JobRow::isEnd).forEach(row -> signals.ended(row.key()));
        if (ends.stream().anyMatch(end -> end.blob().isPresent())) {
            copier.wake();
        }
    }

    private Optional<ReadEvent> event(ConsumerRecord<byte[], byte[]> record) {
        try {
            return Optional.of(reader.read(record));
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
        results.dropOld();
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
            found.forEach(signals::applied);
            working = true;
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            offsets.keySet().removeAll(partitions);
            signals.left(new HashSet<>(partitions));
        }
    }
}
