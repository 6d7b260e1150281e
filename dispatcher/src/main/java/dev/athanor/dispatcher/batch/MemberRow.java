package dev.athanor.dispatcher.batch;

import dev.athanor.dispatcher.job.Job;
import dev.athanor.schemas.JobState;
import java.util.UUID;

/**
 * The latest run of a member, as the ledger has it.
 *
 * @param precedence with the time of the change and the agent, names the reply that counts
 * @param resultExpiresAt milliseconds since the epoch; 0: it has none
 */
record MemberRow(
        UUID id,
        JobState state,
        long precedence,
        long changedAt,
        String agent,
        long resultExpiresAt) {
    int index() {
        return MemberId.index(id);
    }

    /** Whether it is over, and no run of it is to come that is known of. */
    boolean isEnded(Batch batch) {
        return Job.isEnd(state) && !awaitsRun(batch);
    }

    /** Whether it is to be run again. */
    boolean awaitsRun(Batch batch) {
        return !batch.isRunFed() && hasFailed() && MemberId.run(id) < batch.run();
    }

    boolean hasFailed() {
        return Job.isEnd(state) && state != JobState.SUCCEEDED;
    }
}
