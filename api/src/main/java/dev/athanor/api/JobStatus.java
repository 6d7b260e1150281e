package dev.athanor.api;

import java.time.Instant;
import java.util.Optional;

/**
 * A job as the dispatcher knows it.
 *
 * @param function its name
 * @param attempt the present or last one, from 1
 * @param createdAt when it was submitted, by its caller's clock
 * @param changedAt when it came into its state, by an agent's clock
 * @param startedAt when its function was last called; empty: it was not, as far as is known
 * @param agent that has or had it; empty: none
 * @param message why it did not succeed; empty: it did, or has not ended
 * @param resultExpiresAt until when its result is kept; empty: it has not ended
 */
public record JobStatus(
        String id,
        String function,
        String machineType,
        JobState state,
        int attempt,
        Instant createdAt,
        Instant changedAt,
        Optional<Instant> startedAt,
        Optional<String> agent,
        String message,
        Optional<Instant> resultExpiresAt) {}
