package dev.athanor.dispatcher.batch;

import java.time.Instant;
import java.util.Optional;

/**
 * A batch as it was begun, and what was asked of it since.
 *
 * @param total how many members it has
 * @param run how often members that had failed were to run again
 * @param isRunFed whether all that this is about are queued by now; those that are not count as
 *     queued, and their last end does not
 * @param isCancelled whether no more of it is to run
 * @param endedAt when nothing of it was left to do; empty: something is
 */
public record Batch(
        String id,
        String function,
        String machineType,
        Instant createdAt,
        int total,
        int run,
        boolean isRunFed,
        boolean isCancelled,
        Optional<Instant> endedAt) {}
