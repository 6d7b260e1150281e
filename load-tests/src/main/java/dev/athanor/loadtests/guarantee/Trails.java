package dev.athanor.loadtests.guarantee;

import dev.athanor.schemas.Bytes;
import dev.athanor.schemas.Codec;
import dev.athanor.schemas.DeadLetter;
import dev.athanor.schemas.Invocation;
import dev.athanor.schemas.InvocationEnvelope;
import dev.athanor.schemas.Lease;
import dev.athanor.schemas.Reply;
import dev.athanor.schemas.Topics;
import dev.athanor.schemas.UndecodableException;
import dev.athanor.schemas.attempt.LeaseKey;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * What lies in the topics about each call, read once all is over and found by the mark in its
 * arguments. Immutable.
 */
final class Trails {
    private static final Pattern MARK = Pattern.compile("call-\\d+;");
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration READ_TIMEOUT = Duration.ofSeconds(60);

    private record Entry(
            Instant at, String line, Optional<SentReply> reply, boolean isRedelivery) {}

    private final Map<String, List<Entry>> entries;
    private final Duration longestPreparation;

    private Trails(Map<String, List<Entry>> entries, Duration longestPreparation) {
        this.entries = entries;
        this.longestPreparation = longestPreparation;
    }

    /**
     * Reads everything that there is now.
     *
     * @param known marks by correlation id: of calls that went by a lane that is gone since no
     *     invocation can be found
     */
    static Trails read(
            String bootstrapServers, String tenant, String machineType, Map<String, String> known) {
        Map<String, String> marks = new HashMap<>(known);
        Map<String, List<Entry>> entries = new HashMap<>();
        Duration longestPreparation = Duration.ZERO;
        try (Consumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(
                        Map.of("bootstrap.servers", bootstrapServers),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer())) {
            // Invocations first: they alone have the mark.
            List<String> topics = new ArrayList<>(lanes(consumer));
            topics.addFirst(Topics.invocations(machineType));
            topics.addAll(List.of(Topics.replies(tenant), Topics.RUNNING, Topics.DEAD_LETTERS));
            for (String topic : topics) {
                for (ConsumerRecord<byte[], byte[]> record : records(consumer, topic)) {
                    if (record.key() == null) {
                        continue;
                    }
                    String id = correlationId(record.key());
                    longestPreparation = max(longestPreparation, preparation(record.value()));
                    mark(record.value()).ifPresent(mark -> marks.put(id, mark));
                    Optional.ofNullable(marks.get(id))
                            .ifPresent(mark ->
                                    entries.computeIfAbsent(mark, m -> new ArrayList<>())
                                            .add(entry(record)));
                }
            }
        }
        return new Trails(entries, longestPreparation);
    }

    private static List<String> lanes(Consumer<byte[], byte[]> consumer) {
        return consumer.listTopics().keySet().stream()
                .filter(topic -> topic.startsWith(Topics.LANE_PREFIX))
                .toList();
    }

    private static Duration preparation(byte[] value) {
        return value != null && Codec.current().decode(value) instanceof Reply reply
                ? Duration.of(
                        reply.getPhases().getBuild() + reply.getPhases().getStart(),
                        ChronoUnit.MICROS)
                : Duration.ZERO;
    }

    private static Duration max(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? b : a;
    }

    /** Leases have more in their keys. */
    private static String correlationId(byte[] key) {
        return new String(key, StandardCharsets.UTF_8).split("/", 2)[0];
    }

    private static List<ConsumerRecord<byte[], byte[]>> records(
            Consumer<byte[], byte[]> consumer, String topic) {
        List<TopicPartition> partitions =
                consumer.partitionsFor(topic).stream()
                        .map(info -> new TopicPartition(topic, info.partition()))
                        .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        long deadline = System.nanoTime() + READ_TIMEOUT.toNanos();
        while (ends.entrySet().stream()
                .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
            consumer.poll(POLL).forEach(records::add);
            if (System.nanoTime() - deadline > 0) {
                throw new IllegalStateException("topic %s cannot be read".formatted(topic));
            }
        }
        return records;
    }

    private static Optional<String> mark(byte[] value) {
        try {
            if (value == null
                    || !(Codec.current().decode(value) instanceof InvocationEnvelope envelope)) {
                return Optional.empty();
            }
            Invocation invocation =
                    Codec.current().decode(envelope.getInvocation(), Invocation.class);
            return invocation.getArguments().getBlob() == null
                    ? Optional.of(
                                    MARK.matcher(
                                            new String(
                                                    Bytes.copy(
                                                            invocation.getArguments().getContent()),
                                                    StandardCharsets.ISO_8859_1)))
                            .filter(Matcher::find)
                            .map(Matcher::group)
                    : Optional.empty();
        } catch (UndecodableException e) {
            return Optional.empty();
        }
    }

    private static Entry entry(ConsumerRecord<byte[], byte[]> record) {
        Instant at = Instant.ofEpochMilli(record.timestamp());
        String place = "%s-%d@%d".formatted(record.topic(), record.partition(), record.offset());
        if (record.value() == null) {
            return new Entry(at, place + " tombstone", Optional.empty(), false);
        }
        SpecificRecordBase value = Codec.current().decode(record.value());
        return new Entry(
                at,
                place + " " + describe(value),
                value instanceof Reply reply
                        ? Optional.of(new SentReply(reply.getAgent(), reply.getOutcome(), at))
                        : Optional.empty(),
                value instanceof Lease lease && lease.getEpoch() == LeaseKey.NO_EPOCH);
    }

    private static String describe(SpecificRecordBase value) {
        return switch (value) {
            case InvocationEnvelope envelope ->
                    "attempt %d, lost %s"
                            .formatted(envelope.getAttempt(), envelope.getLostAgents());
            case Reply reply ->
                    "%s by %s, attempt %d"
                            .formatted(reply.getOutcome(), reply.getAgent(), reply.getAttempt());
            case Lease lease ->
                    "lease of %s, attempt %d, epoch %d"
                            .formatted(lease.getAgent(), lease.getAttempt(), lease.getEpoch());
            case DeadLetter letter ->
                    "dead letter: %s %s".formatted(letter.getReason(), letter.getMessage());
            default -> value.getClass().getSimpleName();
        };
    }

    /** The longest that any call's environment and sandbox took, once an agent had taken it. */
    Duration longestPreparation() {
        return longestPreparation;
    }

    /** Replies to a call, in the order of their topic. */
    List<SentReply> replies(PlannedCall call) {
        return entries(call, list -> list.stream().flatMap(entry -> entry.reply().stream()));
    }

    /** When a record of the call came to an agent after another one had held it. */
    List<Instant> redeliveries(PlannedCall call) {
        return entries(call, list -> list.stream().filter(Entry::isRedelivery).map(Entry::at));
    }

    /** Everything about a call, by time. */
    List<String> lines(PlannedCall call) {
        return entries(
                call,
                list ->
                        list.stream()
                                .sorted(Comparator.comparing(Entry::at))
                                .map(entry -> entry.at() + " " + entry.line()));
    }

    private <T> List<T> entries(PlannedCall call, Function<List<Entry>, Stream<T>> choice) {
        return choice.apply(entries.getOrDefault(call.mark(), List.of())).toList();
    }
}
