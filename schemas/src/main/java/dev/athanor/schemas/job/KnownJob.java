package dev.athanor.schemas.job;

import dev.athanor.schemas.Codec;
import dev.athanor.schemas.Failure;
import dev.athanor.schemas.FailureCode;
import dev.athanor.schemas.Invocation;
import dev.athanor.schemas.InvocationEnvelope;
import dev.athanor.schemas.JobEvent;
import dev.athanor.schemas.JobState;
import dev.athanor.schemas.Outcome;
import dev.athanor.schemas.Reply;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A job, as those who write its events know it.
 *
 * @param tenant whose it is, from the verified key
 * @param envelope as it is, or goes back into a queue
 * @param invocation inside the envelope
 * @param function its name
 * @param machineType whose queue it is in, or was taken from
 */
public record KnownJob(
        String tenant,
        InvocationEnvelope envelope,
        Invocation invocation,
        String function,
        String machineType) {
    private static final String NO_AGENT = "";
    private static final long NOT_STARTED = 0;
    private static final int MICROS_OF_MILLI = 1_000;

    /** It waits in its queue. */
    public JobEvent queued(long at) {
        return event(JobState.QUEUED, at, NO_AGENT, NOT_STARTED, null, null);
    }

    /** It waits for its time; the event carries the envelope, as it is then. */
    public JobEvent scheduled(Duration delay, long at) {
        return event(
                JobState.SCHEDULED,
                at,
                NO_AGENT,
                NOT_STARTED,
                null,
                null,
                ByteBuffer.wrap(Codec.current().encode(envelope)),
                delay.toMillis());
    }

    /**
     * An agent has it.
     *
     * @param state before its function is called
     * @param at milliseconds since the epoch
     */
    public JobEvent preparing(JobState state, String agent, long at) {
        return event(state, at, agent, NOT_STARTED, null, null);
    }

    /** Its function is being called. */
    public JobEvent running(String agent, long at) {
        return event(JobState.RUNNING, at, agent, at, null, null);
    }

    /** It has ended, and the event carries how. */
    public JobEvent ended(Reply reply, long at) {
        return event(
                state(reply.getOutcome()),
                at,
                reply.getAgent(),
                startedAt(reply, at),
                reply.getFailure(),
                ByteBuffer.wrap(Codec.current().encode(reply)));
    }

    /**
     * An attempt of it failed, and the next one waits for its time; the event carries that.
     *
     * @param failed how the attempt would have ended the job
     * @param next as it is to run
     * @param delay from now on
     */
    public JobEvent retrying(Reply failed, InvocationEnvelope next, Duration delay, long at) {
        return event(
                JobState.RETRYING,
                at,
                failed.getAgent(),
                startedAt(failed, at),
                failed.getFailure(),
                null,
                ByteBuffer.wrap(Codec.current().encode(next)),
                delay.toMillis());
    }

    private static long startedAt(Reply reply, long at) {
        long ranMicros = reply.getPhases().getRun();
        return ranMicros > 0 ? at - ranMicros / MICROS_OF_MILLI : NOT_STARTED;
    }

    private static JobState state(Outcome outcome) {
        return switch (outcome) {
            case SUCCEEDED -> JobState.SUCCEEDED;
            case FAILED, UNKNOWN -> JobState.FAILED;
            case TIMED_OUT -> JobState.TIMED_OUT;
            case CANCELLED -> JobState.CANCELLED;
            case EXPIRED -> JobState.EXPIRED;
            case LOST -> JobState.LOST;
        };
    }

    private JobEvent event(
            JobState state,
            long at,
            String agent,
            long startedAt,
            @Nullable Failure failure,
            @Nullable ByteBuffer reply) {
        return event(state, at, agent, startedAt, failure, reply, null, 0);
    }

    private JobEvent event(
            JobState state,
            long at,
            String agent,
            long startedAt,
            @Nullable Failure failure,
            @Nullable ByteBuffer reply,
            @Nullable ByteBuffer next,
            long delayMillis) {
        FailureCode code = failure == null ? null : failure.getCode();
        return new JobEvent(
                invocation.getCorrelationId(),
                tenant,
                function,
                machineType,
                envelope.getAttempt(),
                state,
                invocation.getCreatedAt(),
                at,
                agent,
                code,
                failure == null ? "" : failure.getMessage(),
                turn(),
                startedAt,
                invocation.getKeepResultMillis(),
                reply,
                next,
                delayMillis,
                reply == null ? "" : invocation.getWebhook());
    }

    /** Each of them grows while the attempt stays the same. */
    private int turn() {
        return envelope.getHops() + envelope.getLossesBeforeStart() + envelope.getReturns();
    }
}
