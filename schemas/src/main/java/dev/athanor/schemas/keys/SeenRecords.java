package dev.athanor.schemas.keys;

import dev.athanor.schemas.Digest;
import dev.athanor.schemas.blob.Blobs;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Where each signed thing was first seen, for the latest of them. Safe for any number of threads.
 */
final class SeenRecords {
    /** Some 40 MB; what is signed is believed for two minutes only, so few are needed longer. */
    static final int MAX_REMEMBERED = 200_000;

    private record Place(String topic, int partition, long offset) {}

    private final Map<Digest, Place> seen = new LinkedHashMap<>();

    /**
     * Notes where something was seen.
     *
     * @param id of any length
     * @return false when it was seen elsewhere before
     */
    boolean isFirst(byte[] id, ConsumerRecord<?, ?> record) {
        Place place = new Place(record.topic(), record.partition(), record.offset());
        return isFirst(Blobs.digest(id), place);
    }

    private synchronized boolean isFirst(Digest id, Place place) {
        Place first = seen.putIfAbsent(id, place);
        if (seen.size() > MAX_REMEMBERED) {
            seen.remove(seen.keySet().iterator().next());
        }
        return first == null || first.equals(place);
    }
}
