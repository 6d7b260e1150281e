package dev.athanor.dispatcher.supervision;

import dev.athanor.schemas.Lease;
import dev.athanor.schemas.attempt.LeaseKey;
import org.apache.kafka.common.utils.Bytes;

/**
 * A lease as it was read.
 *
 * @param key of its record
 * @param readAtNanos when it was read, by this process' ticker
 */
record HeldLease(Bytes key, Lease lease, long readAtNanos) {
    /** Whether it only says that an invocation was redelivered. */
    boolean isNobodys() {
        return lease.getEpoch() == LeaseKey.NO_EPOCH;
    }

    Generation generation() {
        return Generation.of(lease);
    }
}
