package dev.athanor.api.internal.cluster;

import dev.athanor.environment.machine.UnservedType;
import dev.athanor.schemas.Codec;
import dev.athanor.schemas.MachineTypeStatus;
import dev.athanor.schemas.Topics;
import dev.athanor.schemas.UndecodableException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * Which machine types live agents serve, as the cluster's supervisors tell. What they do not tell,
 * or told long ago, is not known, and taken for served. Safe for any number of threads.
 */
final class ServedTypes {
    static final TopicPartition PARTITION = new TopicPartition(Topics.MACHINE_TYPES, 0);

    /**
     * That nobody serves a type is written anew every 30 s; the broker's clock and this one may
     * differ as much as they may for signatures.
     */
    private static final Duration BELIEVED = Duration.ofMinutes(2);

    /** What an agent wrote before it was gone may be read after that. */
    private static final Duration LAST_WORDS = Duration.ofSeconds(1);

    private final long end;
    private final InstantSource clock;
    private final Map<String, Told> types = new ConcurrentHashMap<>();
    private final CountDownLatch known = new CountDownLatch(1);
    private final AtomicBoolean news = new AtomicBoolean();

    private record Told(MachineTypeStatus status, Instant writtenAt, Instant readAt) {
        boolean isUnserved() {
            return status.getAgents() == 0;
        }

        Told after(Told earlier) {
            boolean same = status.equals(earlier.status());
            return new Told(status, writtenAt, same ? earlier.readAt() : readAt);
        }
    }

    /**
     * @param end what lies before this offset is read before the state is known; 0: nothing does
     */
    ServedTypes(long end, InstantSource clock) {
        this.end = end;
        this.clock = clock;
        reached(0);
    }

    /** Takes a record of the topic, in the topic's order. */
    void read(ConsumerRecord<byte[], byte[]> record) {
        if (record.key() != null) {
            String name = new String(record.key(), StandardCharsets.UTF_8);
            try {
                put(name, record);
            } catch (UndecodableException e) {
                // By a newer release, perhaps: nothing is known of the type then.
                types.remove(name);
            }
        }
        reached(record.offset() + 1);
    }

    private void put(String name, ConsumerRecord<byte[], byte[]> record) {
        if (record.value() == null) {
            types.remove(name);
            return;
        }
        Told told =
                new Told(
                        Codec.current().decode(record.value(), MachineTypeStatus.class),
                        Instant.ofEpochMilli(record.timestamp()),
                        clock.instant());
        types.merge(name, told, (earlier, later) -> later.after(earlier));
    }

    private void reached(long offset) {
        if (offset >= end) {
            known.countDown();
            news.set(true);
        }
    }

    /** Waits until what was told before the connection began has been read; false: in vain. */
    boolean awaitKnown(Duration limit) throws InterruptedException {
        return known.await(limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Whether there is anything new since this was asked last. */
    boolean hasNews() {
        return news.getAndSet(false);
    }

    /** What to tell of a type that is known to be unserved. */
    Optional<UnservedType> unserved(String type) {
        return find(type).map(told -> describe(type));
    }

    /**
     * Likewise, where no agent that is left runs any call of the type either, and none of what the
     * last one wrote is still to come.
     */
    Optional<UnservedType> abandoned(String type) {
        Instant heardUntil = clock.instant().minus(LAST_WORDS);
        return find(type)
                .filter(told -> told.status().getLeaving() == 0)
                .filter(told -> !told.readAt().isAfter(heardUntil))
                .map(told -> describe(type));
    }

    /** Nothing is told of a type before all is known: it may be of the past. */
    private Optional<Told> find(String type) {
        return known.getCount() > 0
                ? Optional.empty()
                : Optional.ofNullable(types.get(type))
                        .filter(Told::isUnserved)
                        .filter(this::isBelieved);
    }

    private boolean isBelieved(Told told) {
        return Duration.between(told.writtenAt(), clock.instant()).abs().compareTo(BELIEVED) <= 0;
    }

    /** Whether there is a type that may be unserved. */
    boolean isAnyUnserved() {
        return types.values().stream().anyMatch(Told::isUnserved);
    }

    private UnservedType describe(String type) {
        return UnservedType.of(
                type,
                types.entrySet().stream()
                        .filter(each -> !each.getValue().isUnserved())
                        .map(Map.Entry::getKey)
                        .toList());
    }
}
