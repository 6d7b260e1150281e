package dev.athanor.dispatcher.ledger;

import java.util.Optional;
import java.util.UUID;

/** Names a job: its id is its tenant's to choose, so that two tenants can have the same. */
public record JobKey(String tenant, UUID id) {
    /** The key of that id, where it is one that a job can have. */
    public static Optional<JobKey> of(String tenant, String id) {
        return JobId.parse(id).map(parsed -> new JobKey(tenant, parsed));
    }
}
