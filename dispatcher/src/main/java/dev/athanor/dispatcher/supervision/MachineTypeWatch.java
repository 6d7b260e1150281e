package dev.athanor.dispatcher.supervision;

import dev.athanor.schemas.Codec;
import dev.athanor.schemas.MachineTypeStatus;
import dev.athanor.schemas.Topics;
import dev.athanor.schemas.UndecodableException;
import dev.athanor.schemas.agents.AgentView;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells callers which machine types live agents serve. One of the supervisors writes; each follows
 * what is written, so the next one goes on from there, and what a former one still wrote by mistake
 * is put right.
 */
final class MachineTypeWatch implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(MachineTypeWatch.class);
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration ASK_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration BACKOFF = Duration.ofSeconds(1);
    private static final TopicPartition PARTITION = new TopicPartition(Topics.MACHINE_TYPES, 0);

    private final Supplier<Consumer<byte[], byte[]>> consumers;
    private final Producer<byte[], byte[]> producer;
    private final Supplier<AgentView> agents;
    private final BooleanSupplier writes;
    private final LongSupplier ticker;
    private final MachineTypeBoard board;
    private final CountDownLatch stopped = new CountDownLatch(1);

    /**
     * @param consumers makes a consumer without a group that starts at the oldest record
     * @param producer stays its giver's to close
     * @param writes whether this is the one that writes
     * @param patience for how long an agent may be silent
     */
    MachineTypeWatch(
            Supplier<Consumer<byte[], byte[]>> consumers,
            Producer<byte[], byte[]> producer,
            Supplier<AgentView> agents,
            BooleanSupplier writes,
            Duration patience,
            LongSupplier ticker) {
        this.consumers = consumers;
        this.producer = producer;
        this.agents = agents;
        this.writes = writes;
        this.ticker = ticker;
        this.board = new MachineTypeBoard(patience);
    }

    void stop() {
        stopped.countDown();
    }

    @Override
    public void run() {
        try {
            while (!isStopped()) {
                followOrBackOff();
            }
        } catch (InterruptedException | InterruptException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean isStopped() {
        return stopped.getCount() == 0;
    }

    /** A failure here must not end the watch. */
    private void followOrBackOff() throws InterruptedException {
        try (Consumer<byte[], byte[]> consumer = consumers.get()) {
            follow(consumer);
        } catch (InterruptException e) {
            throw e;
        } catch (KafkaException | ExecutionException e) {
            LOG.warn("cannot tell which machine types are served now: {}", e.toString());
            boolean isStopped = stopped.await(BACKOFF.toMillis(), TimeUnit.MILLISECONDS);
            LOG.debug("stopped={}", isStopped);
        }
    }

    private void follow(Consumer<byte[], byte[]> consumer)
            throws InterruptedException, ExecutionException {
        consumer.assign(List.of(PARTITION));
        consumer.seekToBeginning(List.of(PARTITION));
        long end = consumer.endOffsets(List.of(PARTITION), ASK_TIMEOUT).getOrDefault(PARTITION, 0L);
        while (!isStopped()) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                read(record);
            }
            AgentView view = agents.get();
            if (view.isComplete() && consumer.position(PARTITION, ASK_TIMEOUT) >= end) {
                write(board.due(view, ticker.getAsLong()));
            }
        }
    }

    private void read(ConsumerRecord<byte[], byte[]> record) {
        if (record.key() == null) {
            return;
        }
        String name = new String(record.key(), StandardCharsets.UTF_8);
        if (record.value() == null) {
            board.forget(name);
            return;
        }
        try {
            board.written(
                    name,
                    Codec.current().decode(record.value(), MachineTypeStatus.class),
                    record.offset(),
                    ticker.getAsLong());
        } catch (UndecodableException e) {
            LOG.warn("machineType={} is replaced, since it cannot be read: {}", name, e.toString());
            board.forget(name);
        }
    }

    private void write(List<MachineTypeStatus> due)
            throws InterruptedException, ExecutionException {
        if (!writes.getAsBoolean()) {
            return;
        }
        for (MachineTypeStatus status : due) {
            RecordMetadata record =
                    producer.send(
                                    new ProducerRecord<>(
                                            Topics.MACHINE_TYPES,
                                            status.getName().getBytes(StandardCharsets.UTF_8),
                                            Codec.current().encode(status)))
                            .get();
            board.written(status.getName(), status, record.offset(), ticker.getAsLong());
            LOG.debug(
                    "machineType={} agents={} slots={}",
                    status.getName(),
                    status.getAgents(),
                    status.getSlots());
        }
    }
}
