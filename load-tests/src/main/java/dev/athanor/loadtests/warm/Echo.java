package dev.athanor.loadtests.warm;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * The least that a call could cost: a record through a share group and one back, with the settings
 * of the agent and of its callers, and nothing done in between.
 */
final class Echo implements AutoCloseable {
    private static final String REQUESTS = "bench.requests";
    private static final String REPLIES = "bench.replies";
    private static final String GROUP = "bench.echo";

    /** As an agent's slot takes that has seen short calls. */
    private static final int FETCH = 64;

    private static final Duration POLL = Duration.ofSeconds(5);

    private final RecordSizes sizes;
    private final Producer<byte[], byte[]> requests;
    private final Producer<byte[], byte[]> replies;
    private final KafkaConsumer<byte[], byte[]> caller;
    private final List<KafkaShareConsumer<byte[], byte[]>> workers = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private final Map<Long, CompletableFuture<@Nullable Void>> pending = new ConcurrentHashMap<>();
    private final AtomicLong ids = new AtomicLong();
    private volatile boolean closed;

    private Echo(String bootstrapServers, int consumers, RecordSizes sizes) {
        this.sizes = sizes;
        requests = producer(bootstrapServers);
        replies = producer(bootstrapServers);
        caller =
                new KafkaConsumer<>(
                        Map.of("bootstrap.servers", bootstrapServers),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer());
        for (int number = 0; number < consumers; number++) {
            workers.add(worker(bootstrapServers));
        }
    }

    /** Makes the topics, joins the share group and returns once a record has come back. */
    static Echo start(String bootstrapServers, int consumers, RecordSizes sizes)
            throws InterruptedException {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
            admin.createTopics(
                            List.of(
                                    new NewTopic(REQUESTS, Optional.of(1), Optional.empty()),
                                    new NewTopic(REPLIES, Optional.of(1), Optional.empty())))
                    .all()
                    .get();
            admin.incrementalAlterConfigs(
                            Map.of(
                                    new ConfigResource(ConfigResource.Type.GROUP, GROUP),
                                    List.of(
                                            new AlterConfigOp(
                                                    new ConfigEntry(
                                                            "share.auto.offset.reset", "earliest"),
                                                    AlterConfigOp.OpType.SET))))
                    .all()
                    .get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("the echo's topics were not made", e);
        }
        Echo echo = new Echo(bootstrapServers, consumers, sizes);
        echo.run();
        return echo;
    }

    private void run() {
        TopicPartition partition = new TopicPartition(REPLIES, 0);
        caller.assign(List.of(partition));
        caller.seekToEnd(List.of(partition));
        caller.position(partition);
        start("echo-caller", this::receive, caller::close);
        for (KafkaShareConsumer<byte[], byte[]> worker : workers) {
            worker.subscribe(List.of(REQUESTS));
            start("echo-worker", () -> answer(worker), worker::close);
        }
        send().join();
    }

    private void start(String name, Runnable loop, Runnable close) {
        Thread thread = Thread.ofPlatform().name(name).unstarted(() -> untilClosed(loop, close));
        threads.add(thread);
        thread.start();
    }

    private void untilClosed(Runnable loop, Runnable close) {
        try {
            while (!closed) {
                loop.run();
            }
        } catch (WakeupException e) {
            closed = true;
        } finally {
            close.run();
        }
    }

    /** Sends a record; completes when its echo is there. */
    CompletableFuture<?> send() {
        long id = ids.incrementAndGet();
        CompletableFuture<@Nullable Void> echoed = new CompletableFuture<>();
        pending.put(id, echoed);
        Future<RecordMetadata> _ =
                requests.send(
                        new ProducerRecord<>(REQUESTS, 0, key(id), new byte[sizes.request()]));
        return echoed;
    }

    private void receive() {
        for (ConsumerRecord<byte[], byte[]> record : caller.poll(POLL)) {
            CompletableFuture<@Nullable Void> echoed =
                    pending.remove(ByteBuffer.wrap(record.key()).getLong());
            if (echoed != null) {
                echoed.complete(null);
            }
        }
    }

    /** Replies are durable before their requests are acknowledged, as in the agent. */
    private void answer(KafkaShareConsumer<byte[], byte[]> worker) {
        ConsumerRecords<byte[], byte[]> records = worker.poll(POLL);
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : records) {
            sent.add(
                    replies.send(
                            new ProducerRecord<>(
                                    REPLIES, 0, record.key(), new byte[sizes.reply()])));
        }
        try {
            for (Future<RecordMetadata> each : sent) {
                each.get();
            }
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException("an echo was not sent", e);
        }
        records.forEach(record -> worker.acknowledge(record, AcknowledgeType.ACCEPT));
    }

    private static byte[] key(long id) {
        return ByteBuffer.allocate(Long.BYTES).putLong(id).array();
    }

    private static Producer<byte[], byte[]> producer(String bootstrapServers) {
        return new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrapServers, "acks", "all", "linger.ms", 0),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    private static KafkaShareConsumer<byte[], byte[]> worker(String bootstrapServers) {
        return new KafkaShareConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        bootstrapServers,
                        "group.id",
                        GROUP,
                        "share.acknowledgement.mode",
                        "explicit",
                        "share.acquire.mode",
                        "record_limit",
                        "max.poll.records",
                        FETCH,
                        "fetch.max.wait.ms",
                        1_000),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }

    @Override
    public void close() {
        closed = true;
        caller.wakeup();
        workers.forEach(KafkaShareConsumer::wakeup);
        try {
            for (Thread thread : threads) {
                thread.join(POLL.multipliedBy(2));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        requests.close();
        replies.close();
    }
}
