package dev.athanor.dispatcher.deadletter;

import java.time.Instant;

/**
 * The call that a dead letter is about.
 *
 * @param correlationId of the call; of a job, its id
 * @param createdAt by its caller's clock
 * @param isJob whether the ledger and the log of jobs know it
 */
public record DeadCall(
        String tenant,
        String correlationId,
        String function,
        String machineType,
        Instant createdAt,
        boolean isJob) {}
