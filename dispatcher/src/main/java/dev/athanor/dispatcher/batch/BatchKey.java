package dev.athanor.dispatcher.batch;

import dev.athanor.dispatcher.ledger.JobKey;
import java.util.Optional;
import java.util.UUID;

/** Names a batch: its id is its tenant's to choose. */
record BatchKey(String tenant, UUID id) {
    /** The key of that id, where it is one that a batch can have. */
    static Optional<BatchKey> of(String tenant, String id) {
        return MemberId.parseBatch(id).map(parsed -> new BatchKey(tenant, parsed));
    }

    /** The job that a member's run is. */
    JobKey member(int index, int run) {
        return new JobKey(tenant, MemberId.of(id, index, run));
    }
}
