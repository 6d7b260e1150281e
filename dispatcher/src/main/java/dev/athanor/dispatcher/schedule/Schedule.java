package dev.athanor.dispatcher.schedule;

import java.time.Instant;
import java.util.Optional;

/**
 * A schedule as it is now.
 *
 * @param cron five fields, as Unix has them
 * @param zone whose clock they are of
 * @param nextAt when it fires next; empty: it is paused, or there is no such time
 */
public record Schedule(
        String name,
        String cron,
        String zone,
        MissedFirings missed,
        boolean paused,
        String function,
        String machineType,
        Instant createdAt,
        Optional<Instant> nextAt) {}
