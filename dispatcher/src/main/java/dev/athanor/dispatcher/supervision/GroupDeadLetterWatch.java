package dev.athanor.dispatcher.supervision;

import dev.athanor.dispatcher.metrics.DispatcherMetrics;
import dev.athanor.schemas.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.header.Header;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Raises the alarm for every record that Kafka itself gave up. That happens only where our own
 * rules failed, so each is counted and logged with its coordinates, once per cluster.
 */
final class GroupDeadLetterWatch implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(GroupDeadLetterWatch.class);
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration BACKOFF = Duration.ofSeconds(1);
    private static final int MAX_HEADER = 256;

    private final Supplier<Consumer<byte[], byte[]>> consumers;
    private final DispatcherMetrics metrics;
    private final CountDownLatch stopped = new CountDownLatch(1);

    /**
     * @param consumers makes a member of a group that commits what it has read
     */
    GroupDeadLetterWatch(Supplier<Consumer<byte[], byte[]>> consumers, DispatcherMetrics metrics) {
        this.consumers = consumers;
        this.metrics = metrics;
    }

    void stop() {
        stopped.countDown();
    }

    @Override
    public void run() {
        while (stopped.getCount() > 0) {
            try (Consumer<byte[], byte[]> consumer = consumers.get()) {
                consumer.subscribe(List.of(Topics.GROUP_DEAD_LETTERS));
                while (stopped.getCount() > 0) {
                    consumer.poll(POLL).forEach(this::alarm);
                }
            } catch (InterruptException | WakeupException e) {
                return;
            } catch (KafkaException e) {
                LOG.warn("cannot watch {}: {}", Topics.GROUP_DEAD_LETTERS, e.toString());
                backOff();
            }
        }
    }

    private void alarm(ConsumerRecord<byte[], byte[]> record) {
        metrics.groupDeadLetter();
        LOG.warn(
                "topic={} partition={} offset={} a share group gave a record up: {}",
                record.topic(),
                record.partition(),
                record.offset(),
                StreamSupport.stream(record.headers().spliterator(), false)
                        .map(GroupDeadLetterWatch::text)
                        .collect(Collectors.joining(" ")));
    }

    /** Kafka says in headers where the record came from, and why. */
    private static String text(Header header) {
        byte[] value = header.value() == null ? new byte[0] : header.value();
        int length = Math.min(value.length, MAX_HEADER);
        String text = new String(value, 0, length, StandardCharsets.UTF_8);
        return header.key() + "=" + text.replaceAll("\\p{Cntrl}", "?");
    }

    private void backOff() {
        try {
            boolean isStopped = stopped.await(BACKOFF.toMillis(), TimeUnit.MILLISECONDS);
            LOG.debug("stopped={}", isStopped);
        } catch (InterruptedException e) {
            stop();
        }
    }
}
