package dev.athanor.dispatcher.job;

import dev.athanor.schemas.JobState;
import java.time.Instant;
import java.util.Optional;

/** What a list tells of a job; see {@link Job}. */
public record JobSummary(
        String id,
        String function,
        String machineType,
        JobState state,
        int attempt,
        Instant createdAt,
        Instant changedAt,
        Optional<Instant> startedAt,
        Optional<String> agent) {}
