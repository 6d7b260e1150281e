package dev.athanor.agent.call;

import dev.athanor.environment.sandbox.NestedCalls;
import dev.athanor.schemas.Limits;
import dev.athanor.schemas.blob.Blobs;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Limits of a call where its invocation sets none.
 *
 * @param execution of one attempt, excluding queue, build and start; 300 s by default
 * @param start of a sandbox; 120 s by default
 * @param build of an environment; 600 s by default
 * @param grace between the interrupt of a call that took too long and the end of its sandbox; 5 s
 *     by default
 * @param payloadBytes largest arguments and largest result, in bytes; 64 MiB by default. A slot
 *     holds both of its call in memory
 * @param maxDepth how deep functions may call one another; 8 by default, 0: not at all
 */
public record CallLimits(
        Duration execution,
        Duration start,
        Duration build,
        Duration grace,
        long payloadBytes,
        int maxDepth) {
    /** A limit that can still be counted in nanoseconds, beyond what any caller may ask for. */
    private static final long LONGEST_MILLIS = Duration.ofDays(365).toMillis();

    public CallLimits {
        if (grace.isNegative()) {
            throw new IllegalArgumentException("the grace must be 0 or more, got " + grace);
        }
        if (maxDepth < 0) {
            throw new IllegalArgumentException(
                    "functions may call others 0 or more deep, got " + maxDepth);
        }
    }

    /** Limits of time. */
    public CallLimits(Duration execution, Duration start, Duration build, Duration grace) {
        this(execution, start, build, grace, Blobs.DEFAULT_LIMIT, NestedCalls.DEFAULT_MAX_DEPTH);
    }

    public CallLimits withGrace(Duration newGrace) {
        return new CallLimits(execution, start, build, newGrace, payloadBytes, maxDepth);
    }

    public CallLimits withPayloadBytes(long newPayloadBytes) {
        return new CallLimits(execution, start, build, grace, newPayloadBytes, maxDepth);
    }

    public CallLimits withMaxDepth(int newMaxDepth) {
        return new CallLimits(execution, start, build, grace, payloadBytes, newMaxDepth);
    }

    /** The documented defaults. */
    public static CallLimits defaults() {
        return new CallLimits(
                Duration.ofSeconds(300),
                Duration.ofSeconds(120),
                Duration.ofSeconds(600),
                Duration.ofSeconds(5));
    }

    /** Of one attempt that begins now: no attempt goes on after the overall deadline. */
    public Duration execution(Limits limits, Instant now) {
        Duration longest = execution(limits);
        long left = limits.getOverallDeadline() - now.toEpochMilli();
        return limits.getOverallDeadline() > 0 && left < longest.toMillis()
                ? Duration.ofMillis(Math.max(1, left))
                : longest;
    }

    private Duration execution(Limits limits) {
        return orDefault(limits.getExecutionTimeoutMillis(), execution);
    }

    Duration start(Limits limits) {
        return orDefault(limits.getStartTimeoutMillis(), start);
    }

    Duration build(Limits limits) {
        return orDefault(limits.getBuildTimeoutMillis(), build);
    }

    /**
     * Why a call must not start any more, if so.
     *
     * @param attempt that is to start, from 1: the queue deadline is for the first
     */
    static Optional<String> passed(Limits limits, int attempt, Instant now) {
        if (attempt == 1
                && limits.getQueueDeadline() > 0
                && now.toEpochMilli() >= limits.getQueueDeadline()) {
            return Optional.of(
                    "still queued at its queue deadline "
                            + Instant.ofEpochMilli(limits.getQueueDeadline()));
        }
        if (limits.getOverallDeadline() > 0 && now.toEpochMilli() >= limits.getOverallDeadline()) {
            return Optional.of(
                    "not ended by its overall deadline "
                            + Instant.ofEpochMilli(limits.getOverallDeadline()));
        }
        return Optional.empty();
    }

    private static Duration orDefault(long millis, Duration fallback) {
        return millis > 0 ? Duration.ofMillis(Math.min(millis, LONGEST_MILLIS)) : fallback;
    }
}
