package dev.athanor.agent.slot;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One slot: takes records and serves them, until it is stopped. What Kafka refuses is tried again
 * with new consumers after a second. Runs on a thread of its own; {@link #stop} and {@link #isBusy}
 * may be called from any.
 */
public final class SlotLoop implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(SlotLoop.class);
    private static final Duration BACKOFF = Duration.ofSeconds(1);

    private final String name;
    private final Supplier<InvocationSource> sources;
    private final Turn turn;
    private final FetchSize fetchSize = new FetchSize();
    private final CountDownLatch stopped = new CountDownLatch(1);
    private volatile Optional<InvocationSource> current = Optional.empty();
    private volatile boolean busy;

    /**
     * @param name of the slot, for logs
     * @param sources makes a source, anew after a failure
     */
    SlotLoop(String name, Supplier<InvocationSource> sources, Turn turn) {
        this.name = name;
        this.sources = sources;
        this.turn = turn;
    }

    @Override
    public void run() {
        while (!isStopped()) {
            try (InvocationSource source = sources.get()) {
                current = Optional.of(source);
                serve(source);
            } catch (InterruptedException e) {
                // Only closing interrupts, and it waits for this thread.
                return;
            } catch (RuntimeException e) {
                // What it held is released and counted as an attempt, so that a mistake of ours
                // ends
                // as a dead letter rather than in a loop.
                LOG.error("slot={} failed and joins again", name, e);
                backOff();
            } finally {
                current = Optional.empty();
                busy = false;
            }
        }
    }

    private void serve(InvocationSource source) throws InterruptedException {
        while (!isStopped()) {
            List<ConsumerRecord<byte[], byte[]>> records = source.take(fetchSize.isWide());
            if (!records.isEmpty()) {
                busy = true;
                turn.serve(source, records, fetchSize);
                busy = false;
            }
        }
        source.commit();
    }

    private boolean isStopped() {
        return stopped.getCount() == 0;
    }

    private void backOff() {
        try {
            boolean isStopped = stopped.await(BACKOFF.toMillis(), TimeUnit.MILLISECONDS);
            LOG.debug("slot={} stopped={}", name, isStopped);
        } catch (InterruptedException e) {
            stop();
        }
    }

    /** Whether a call is being served. */
    public boolean isBusy() {
        return busy;
    }

    /** Takes nothing more; what was taken is served first. */
    public void stop() {
        stopped.countDown();
        current.ifPresent(InvocationSource::wakeup);
    }
}
