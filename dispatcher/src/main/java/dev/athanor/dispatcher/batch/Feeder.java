package dev.athanor.dispatcher.batch;

import dev.athanor.dispatcher.database.DatabaseException;
import dev.athanor.dispatcher.job.Canceller;
import dev.athanor.dispatcher.job.JobsUnavailableException;
import dev.athanor.dispatcher.ledger.Ledger;
import dev.athanor.schemas.Topics;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Feeds batches into the queues, on one thread of one dispatcher: the one that reads the first
 * partition of the events just now.
 *
 * <p>INVARIANT: a run of a member is queued once. Whoever takes over first ends what its
 * predecessor had begun, then waits until the ledger has read everything that was committed and the
 * predecessor can write nothing more, writes what that has left out, and begins where the ledger
 * says; from then on it knows what it queues. Whatever fails, it begins anew like that.
 */
final class Feeder implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(Feeder.class);
    private static final TopicPartition DUTY = new TopicPartition(Topics.JOBS, 0);
    private static final Duration IDLE = Duration.ofMillis(500);

    /** How soon is looked for what another dispatcher wrote. */
    private static final Duration LOOK_EVERY = Duration.ofMillis(100);

    private static final Duration BACKOFF = Duration.ofSeconds(1);
    private static final Duration SWEEP_PERIOD = Duration.ofHours(1);

    /** Longer than any upload takes. */
    private static final Duration ABANDONED = Duration.ofDays(1);

    private final FeederParts parts;
    private final Ledger ledger;
    private final Canceller canceller;
    private final LongSupplier ticker;
    private final InstantSource clock;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Map<BatchKey, FedBatch> batches = new HashMap<>();
    private Optional<Long> sweptAt = Optional.empty();

    Feeder(
            FeederParts parts,
            Ledger ledger,
            Canceller canceller,
            LongSupplier ticker,
            InstantSource clock) {
        this.parts = parts;
        this.ledger = ledger;
        this.canceller = canceller;
        this.ticker = ticker;
        this.clock = clock;
    }

    void stop() {
        stopped.countDown();
    }

    @Override
    public void run() {
        try {
            while (stopped.getCount() > 0) {
                if (!ledger.reads(DUTY)) {
                    pause(IDLE);
                    continue;
                }
                try {
                    feed();
                } catch (KafkaException | DatabaseException | JobsUnavailableException e) {
                    LOG.warn("the batches are taken up again: {}", e.toString());
                    parts.tables().forget();
                    pause(BACKOFF);
                } catch (RuntimeException e) {
                    LOG.error("the batches are taken up again", e);
                    pause(BACKOFF);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void feed() throws InterruptedException {
        batches.clear();
        try (MemberPublisher publisher = parts.publishers().get()) {
            parts.catchUp().run();
            restore(publisher);
            while (stopped.getCount() > 0 && ledger.reads(DUTY)) {
                long seen = ledger.news();
                sweep();
                if (!step(publisher)) {
                    ledger.awaitNews(seen, LOOK_EVERY);
                }
            }
        }
    }

    /**
     * Writes what was said to be queued and was not written: whoever said so may have died in
     * between, or may still be about to write it.
     */
    private void restore(MemberPublisher publisher) throws InterruptedException {
        refresh();
        boolean isAny =
                batches.keySet().stream()
                        .anyMatch(key -> parts.members().firstQueued(key).isPresent());
        if (!isAny) {
            return;
        }
        pause(MemberPublisher.LATEST);
        for (FedBatch batch : batches.values()) {
            Optional<Instant> since = parts.members().firstQueued(batch.key());
            if (since.isPresent()) {
                Set<UUID> missing =
                        parts.scan()
                                .missing(
                                        batch.batch().machineType(),
                                        since.get(),
                                        Set.copyOf(batch.underWay()));
                if (!missing.isEmpty()) {
                    LOG.info("batch={} members={} queued anew", batch.key().id(), missing.size());
                    publisher.publish(missing.stream().sorted().map(batch::again).toList());
                }
            }
        }
    }

    /** Whether it queued something. */
    private boolean step(MemberPublisher publisher) throws InterruptedException {
        refresh();
        settle();
        cancel();
        List<Member> members = Turns.take(batches.values(), parts.slots().get());
        if (!members.isEmpty()) {
            publisher.publish(members);
        }
        close();
        return !members.isEmpty();
    }

    private void refresh() {
        Map<BatchKey, Batch> present = parts.store().underWay();
        batches.keySet().retainAll(present.keySet());
        present.forEach((key, batch) ->
                batches.computeIfAbsent(
                                key,
                                missing -> new FedBatch(key, batch, parts.store(), parts.members()))
                        .update(batch));
    }

    /** Notes which members have ended, by one question for each tenant. */
    private void settle() {
        Map<String, Set<UUID>> underWay = new HashMap<>();
        batches.forEach((key, batch) ->
                underWay.computeIfAbsent(key.tenant(), missing -> new HashSet<>())
                        .addAll(batch.underWay()));
        underWay.forEach((tenant, ids) -> {
            if (!ids.isEmpty()) {
                Set<UUID> ended = parts.members().ended(tenant, ids);
                batches.values().stream()
                        .filter(batch -> batch.key().tenant().equals(tenant))
                        .forEach(batch -> batch.ended(ended));
            }
        });
    }

    private void cancel() throws InterruptedException {
        for (FedBatch batch : batches.values()) {
            if (batch.batch().isCancelled()) {
                for (UUID id : batch.untold()) {
                    canceller.cancel(batch.key().tenant(), id.toString());
                }
            }
        }
    }

    private void close() {
        for (FedBatch batch : batches.values()) {
            if (!batch.batch().isRunFed() && batch.isRunFed()) {
                parts.store().runIsFed(batch.key(), batch.batch().run());
            }
            if (batch.isEnded()) {
                parts.store().end(batch.key(), batch.batch().run(), clock.millis());
            }
        }
    }

    private void sweep() {
        long now = ticker.getAsLong();
        if (sweptAt.isPresent() && now - sweptAt.get() < SWEEP_PERIOD.toNanos()) {
            return;
        }
        LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
        parts.tables().dropBefore(today.minusDays(Ledger.DAYS_KEPT));
        parts.uploads().sweep(clock.instant().minus(ABANDONED).toEpochMilli());
        sweptAt = Optional.of(now);
    }

    private void pause(Duration duration) throws InterruptedException {
        boolean _ = stopped.await(duration.toMillis(), TimeUnit.MILLISECONDS);
    }
}
