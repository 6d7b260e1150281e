package dev.athanor.dispatcher.supervision;

import dev.athanor.schemas.Codec;
import dev.athanor.schemas.Lease;
import dev.athanor.schemas.UndecodableException;
import dev.athanor.schemas.agents.AgentView;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.utils.Bytes;

/** The open leases of one partition. For one thread. */
final class LeaseTable {
    private final Map<Bytes, HeldLease> leases = new LinkedHashMap<>();

    /**
     * Takes note of a record.
     *
     * @throws UndecodableException when it is no lease; it is left alone, since a newer release may
     *     have written it
     */
    void apply(ConsumerRecord<byte[], byte[]> record, long nowNanos) {
        if (record.key() == null) {
            throw new UndecodableException("the record has no key");
        }
        Bytes key = Bytes.wrap(record.key());
        if (record.value() == null) {
            leases.remove(key);
            return;
        }
        Lease lease = Codec.current().decode(record.value(), Lease.class);
        leases.put(key, new HeldLease(key, lease, nowNanos));
    }

    /** The leases that stand no longer, at most so many. */
    List<HeldLease> orphans(AgentView view, Duration patience, int max) {
        return leases.values().stream()
                .filter(held -> Verdict.of(held, view, patience) != Verdict.STANDS)
                .limit(max)
                .collect(Collectors.toCollection(ArrayList::new));
    }

    /** Whether an agent has a lease for the same way of the invocation through its queue. */
    boolean isHeldBesides(HeldLease nobodys) {
        Generation generation = nobodys.generation();
        return leases.values().stream()
                .anyMatch(held -> !held.isNobodys() && held.generation().equals(generation));
    }

    void remove(HeldLease held) {
        leases.remove(held.key());
    }

    int size() {
        return leases.size();
    }
}
