package dev.athanor.dispatcher.batch;

import dev.athanor.schemas.BatchMember;
import dev.athanor.schemas.Invocation;
import dev.athanor.schemas.Payload;
import dev.athanor.schemas.job.Deadlines;
import java.util.UUID;

/**
 * A member of a batch that is to be queued.
 *
 * @param function its name
 * @param template its call without arguments
 */
record Member(
        BatchKey batch,
        UUID id,
        String function,
        String machineType,
        Invocation template,
        Payload arguments) {
    /**
     * Its call. Its deadlines are as far from now as the template's are from when that was made:
     * what waits in the database has not begun to wait in the queue.
     *
     * @param now milliseconds since the epoch
     */
    Invocation invocation(long now) {
        return Invocation.newBuilder()
                .setCorrelationId(id.toString())
                .setCreatedAt(now)
                .setFunction(template.getFunction())
                .setArguments(arguments)
                .setReplyPartition(-1)
                .setLimits(Deadlines.from(now, template))
                .setBatch(new BatchMember(batch.id().toString(), (long) MemberId.index(id)))
                .setJob(true)
                .setWantsLogs(template.getWantsLogs())
                .setTraceparent(template.getTraceparent())
                .setKeepResultMillis(template.getKeepResultMillis())
                .build();
    }
}
