package dev.athanor.dispatcher.http;

import dev.athanor.dispatcher.batch.Batch;
import dev.athanor.dispatcher.batch.BatchProgress;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A batch; times are in ISO 8601. What is not known is left out.
 *
 * @param ended whether nothing of it changes any more, unless it is asked for
 * @param cancelled whether it was cancelled as a whole
 * @param run how often members that had failed were to run again
 * @param counts how its members fare; left out in lists
 */
record BatchAnswer(
        String id,
        String function,
        String machineType,
        String createdAt,
        int total,
        boolean ended,
        boolean cancelled,
        int run,
        @Nullable String endedAt,
        @Nullable Counts counts) {
    /** How many members are in which state; together they are all. */
    record Counts(int queued, int running, int done, int failed, int cancelled) {}

    static BatchAnswer of(BatchProgress progress) {
        return of(
                progress.batch(),
                progress.isEnded(),
                new Counts(
                        progress.queued(),
                        progress.running(),
                        progress.done(),
                        progress.failed(),
                        progress.cancelled()));
    }

    static BatchAnswer of(Batch batch) {
        return of(batch, batch.endedAt().isPresent(), null);
    }

    private static BatchAnswer of(Batch batch, boolean isEnded, @Nullable Counts counts) {
        return new BatchAnswer(
                batch.id(),
                batch.function(),
                batch.machineType(),
                batch.createdAt().toString(),
                batch.total(),
                isEnded,
                batch.isCancelled(),
                batch.run(),
                batch.endedAt().map(Instant::toString).orElse(null),
                counts);
    }
}
