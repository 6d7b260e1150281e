package dev.athanor.dispatcher.http;

import dev.athanor.dispatcher.job.Job;
import dev.athanor.dispatcher.job.JobSummary;
import dev.athanor.schemas.JobState;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A job; times are in ISO 8601. What is not known is left out.
 *
 * @param ended whether nothing of it changes any more
 * @param failureCode why it did not succeed, for programs
 * @param message why, for people
 * @param resultExpiresAt until when its result is kept
 */
record JobAnswer(
        String id,
        String function,
        String machineType,
        JobState state,
        boolean ended,
        int attempt,
        String createdAt,
        String changedAt,
        @Nullable String startedAt,
        @Nullable String agent,
        @Nullable String failureCode,
        @Nullable String message,
        @Nullable String resultExpiresAt) {
    static JobAnswer of(Job job) {
        return new JobAnswer(
                job.id(),
                job.function(),
                job.machineType(),
                job.state(),
                job.isEnded(),
                job.attempt(),
                job.createdAt().toString(),
                job.changedAt().toString(),
                text(job.startedAt()),
                job.agent().orElse(null),
                job.failureCode().orElse(null),
                job.message().isEmpty() ? null : job.message(),
                text(job.resultExpiresAt()));
    }

    /** As a list has it: without why it failed. */
    static JobAnswer of(JobSummary job) {
        return new JobAnswer(
                job.id(),
                job.function(),
                job.machineType(),
                job.state(),
                Job.isEnd(job.state()),
                job.attempt(),
                job.createdAt().toString(),
                job.changedAt().toString(),
                text(job.startedAt()),
                job.agent().orElse(null),
                null,
                null,
                null);
    }

    private static @Nullable String text(Optional<Instant> time) {
        return time.map(Instant::toString).orElse(null);
    }
}
