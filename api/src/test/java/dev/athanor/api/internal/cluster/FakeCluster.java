package dev.athanor.api.internal.cluster;

import static org.awaitility.Awaitility.await;

import dev.athanor.api.AthanorException;
import dev.athanor.api.UnauthorizedException;
import dev.athanor.api.UnavailableException;
import dev.athanor.schemas.BlobChunk;
import dev.athanor.schemas.Codec;
import dev.athanor.schemas.Invocation;
import dev.athanor.schemas.InvocationEnvelope;
import dev.athanor.schemas.MachineTypeStatus;
import dev.athanor.schemas.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.clients.producer.RoundRobinPartitioner;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** A cluster of Kafka's own mocks, whose test plays the agents. */
final class FakeCluster implements KafkaClients {
    private static final TopicPartition REPLIES = new TopicPartition(Topics.replies("default"), 0);
    private static final TopicPartition TYPES = new TopicPartition(Topics.MACHINE_TYPES, 0);
    private static final long FIRST_FREE_OFFSET = 40;

    /** What the client did, in order. */
    final List<String> events = new CopyOnWriteArrayList<>();

    final List<ReplyConsumer> consumers = new CopyOnWriteArrayList<>();
    final List<RecordingProducer> producers = new CopyOnWriteArrayList<>();
    final List<String> topics =
            new CopyOnWriteArrayList<>(
                    List.of(
                            Topics.replies("default"),
                            Topics.blobs("default"),
                            Topics.MACHINE_TYPES,
                            Topics.invocations("XS"),
                            Topics.invocations("M")));
    private final List<ConsumerRecord<byte[], byte[]>> types = new CopyOnWriteArrayList<>();
    volatile boolean reachable = true;

    /** Says why nobody is let in; empty: everybody is. */
    volatile Optional<String> refusal = Optional.empty();

    /** When the broker gets what is written to it; -1: it does not say. */
    volatile long brokerTime = -1;

    final AtomicInteger connects = new AtomicInteger();
    private final AtomicLong nextOffset = new AtomicLong(FIRST_FREE_OFFSET);

    @Override
    public String addresses() {
        return "fake:9092";
    }

    @Override
    public void checkReachable() {
        connects.incrementAndGet();
        refusal.ifPresent(why -> {
            throw new UnauthorizedException(why);
        });
        if (!reachable) {
            throw new UnavailableException("no Kafka at fake:9092", null);
        }
    }

    @Override
    public Producer<byte[], byte[]> producer() {
        RecordingProducer producer = new RecordingProducer();
        producers.add(producer);
        return producer;
    }

    @Override
    public Consumer<byte[], byte[]> replyConsumer() {
        ReplyConsumer consumer = new ReplyConsumer();
        topics.forEach(topic -> consumer.updatePartitions(topic, partitions(topic)));
        consumer.updateBeginningOffsets(Map.of(REPLIES, 0L, TYPES, 0L));
        consumer.updateEndOffsets(Map.of(REPLIES, nextOffset.get(), TYPES, (long) types.size()));
        consumers.add(consumer);
        return consumer;
    }

    @Override
    public Consumer<byte[], byte[]> blobConsumer() {
        return new MockConsumer<>("none");
    }

    /** Tells callers, also those that connect later, who serves a machine type. */
    void tell(String type, int agents, int leaving, Instant at) {
        tell(
                type,
                at,
                Codec.current().encode(new MachineTypeStatus(type, null, agents, agents, leaving)));
    }

    void tell(String type, Instant at, byte[] value) {
        types.add(
                new ConsumerRecord<>(
                        TYPES.topic(),
                        0,
                        types.size(),
                        at.toEpochMilli(),
                        TimestampType.LOG_APPEND_TIME,
                        0,
                        0,
                        type.getBytes(StandardCharsets.UTF_8),
                        value,
                        new RecordHeaders(),
                        Optional.empty()));
    }

    /** Brings a record to the caller. */
    void send(SpecificRecordBase record) {
        send(Codec.current().encode(record));
    }

    void send(byte[] value) {
        ReplyConsumer consumer = consumers.get(consumers.size() - 1);
        consumer.addRecord(
                new ConsumerRecord<>(
                        REPLIES.topic(), 0, nextOffset.getAndIncrement(), new byte[0], value));
    }

    /** Waits until there are so many invocations, and gives the last. */
    Invocation invocation(int count) {
        await().until(() -> invocations().size() >= count);
        return invocations().get(count - 1);
    }

    List<Invocation> invocations() {
        List<Invocation> invocations = new ArrayList<>();
        for (ProducerRecord<byte[], byte[]> record : records("athanor.invocations.")) {
            InvocationEnvelope envelope =
                    Codec.current().decode(record.value(), InvocationEnvelope.class);
            byte[] bytes = new byte[envelope.getInvocation().remaining()];
            envelope.getInvocation().get(bytes);
            invocations.add(Codec.current().decode(bytes, Invocation.class));
        }
        return invocations;
    }

    List<BlobChunk> blobs() {
        return records("athanor.blobs.").stream()
                .map(record -> Codec.current().decode(record.value(), BlobChunk.class))
                .toList();
    }

    List<ProducerRecord<byte[], byte[]>> records(String topicPrefix) {
        return producers.stream()
                .flatMap(producer -> producer.history().stream())
                .filter(record -> record.topic().startsWith(topicPrefix))
                .toList();
    }

    static List<PartitionInfo> partitions(String topic) {
        return List.of(new PartitionInfo(topic, 0, Node.noNode(), new Node[0], new Node[0]));
    }

    final class RecordingProducer extends MockProducer<byte[], byte[]> {
        volatile RuntimeException failure;

        RecordingProducer() {
            super(
                    Cluster.empty(),
                    true,
                    new RoundRobinPartitioner(),
                    new ByteArraySerializer(),
                    new ByteArraySerializer());
        }

        @Override
        public List<PartitionInfo> partitionsFor(String topic) {
            return partitions(topic);
        }

        @Override
        public synchronized Future<RecordMetadata> send(
                ProducerRecord<byte[], byte[]> record, Callback callback) {
            if (failure != null && record.topic().startsWith("athanor.invocations.")) {
                callback.onCompletion(null, failure);
                return new CompletableFuture<>();
            }
            events.add("produce " + record.topic());
            return super.send(record, stamped(callback));
        }

        private Callback stamped(Callback callback) {
            return callback == null || brokerTime < 0
                    ? callback
                    : (metadata, error) ->
                            callback.onCompletion(
                                    new RecordMetadata(
                                            new TopicPartition(metadata.topic(), 0),
                                            metadata.offset(),
                                            0,
                                            brokerTime,
                                            0,
                                            0),
                                    error);
        }
    }

    final class ReplyConsumer extends MockConsumer<byte[], byte[]> {
        private int typesRead;

        ReplyConsumer() {
            super("earliest");
        }

        @Override
        public synchronized void seekToEnd(Collection<TopicPartition> partitions) {
            events.add("seekToEnd");
            super.seekToEnd(partitions);
        }

        @Override
        public synchronized long position(TopicPartition partition, Duration timeout) {
            long position = super.position(partition, timeout);
            events.add("position " + position);
            return position;
        }

        /** The mock returns at once: without a pause the loop would take a core. */
        @Override
        @SuppressWarnings("UnsynchronizedOverridesSynchronized")
        public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
            while (assignment().contains(TYPES) && typesRead < types.size()) {
                addRecord(types.get(typesRead));
                typesRead++;
            }
            ConsumerRecords<byte[], byte[]> records = super.poll(timeout);
            if (records.isEmpty()) {
                LockSupport.parkNanos(1_000_000);
            }
            return records;
        }
    }

    /** Waits until a failure of the given kind, and gives it. */
    static <E extends AthanorException> E failure(CompletableFuture<?> future, Class<E> type) {
        await().until(future::isCompletedExceptionally);
        return type.cast(future.handle((result, failure) -> failure).join());
    }
}
