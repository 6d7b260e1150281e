package dev.athanor.agent.slot;

import dev.athanor.agent.call.Delivery;
import dev.athanor.schemas.Failure;
import dev.athanor.schemas.InvocationEnvelope;
import dev.athanor.schemas.Reply;
import dev.athanor.schemas.RetryPolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.DoubleSupplier;

/**
 * Says which jobs run again after an attempt that failed, and when. Only jobs do: what waits is
 * kept by the dispatcher's database, and not by whoever made a call. Safe for any number of slots.
 */
final class Retries {
    /** Whatever a policy says, so that none goes on for ever. */
    private static final int MOST_ATTEMPTS = 1_000;

    private static final Duration LONGEST_DELAY = Duration.ofDays(7);

    private final DoubleSupplier chance;

    /**
     * @param chance from 0 to 1, another one each time
     */
    Retries(DoubleSupplier chance) {
        this.chance = chance;
    }

    /**
     * The attempt that follows.
     *
     * @param next as it is to run
     * @param delay until then
     */
    record Retry(InvocationEnvelope next, Duration delay) {}

    /** What follows on an attempt that ended in that way; empty: nothing, it is the job's end. */
    Optional<Retry> of(Delivery delivery, Reply reply, Instant now) {
        RetryPolicy policy = delivery.function().spec().getRetries();
        Failure failure = reply.getFailure();
        if (policy == null
                || failure == null
                || !delivery.invocation().getJob()
                || !isFor(policy, failure)) {
            return Optional.empty();
        }
        InvocationEnvelope envelope = delivery.envelope();
        int calls = envelope.getRetries() + 1;
        if (calls >= Math.min(policy.getAttempts(), MOST_ATTEMPTS)) {
            return Optional.empty();
        }
        Duration delay = delay(policy, envelope.getRetries());
        long deadline = delivery.invocation().getLimits().getOverallDeadline();
        return deadline > 0 && now.plus(delay).toEpochMilli() >= deadline
                ? Optional.empty()
                : Optional.of(new Retry(next(envelope), delay));
    }

    private static boolean isFor(RetryPolicy policy, Failure failure) {
        return switch (failure.getCode()) {
            case FUNCTION_THREW ->
                    policy.getExceptions().isEmpty()
                            || failure.getThrownTypes().stream()
                                    .anyMatch(policy.getExceptions()::contains);
            case SANDBOX_DIED, OUT_OF_MEMORY, EXECUTION_TIMEOUT -> policy.getExceptions().isEmpty();
            case INVALID_INVOCATION,
                    INVALID_RESULT,
                    TOO_LARGE,
                    BUILD_FAILED,
                    START_FAILED,
                    BLOB_GONE,
                    BUILD_TIMEOUT,
                    START_TIMEOUT,
                    DEADLINE_PASSED,
                    CANCELLED,
                    ATTEMPTS_EXHAUSTED,
                    UNAUTHORIZED,
                    UNKNOWN ->
                    false;
        };
    }

    private Duration delay(RetryPolicy policy, int before) {
        double longest = Math.min(policy.getMaxDelayMillis(), LONGEST_DELAY.toMillis());
        double millis =
                Math.min(
                        longest,
                        policy.getFirstDelayMillis() * Math.pow(policy.getFactor(), before));
        double spread = 1 + policy.getJitter() * (2 * chance.getAsDouble() - 1);
        return Duration.ofMillis((long) Math.clamp(millis * spread, 0, longest));
    }

    private static InvocationEnvelope next(InvocationEnvelope envelope) {
        return InvocationEnvelope.newBuilder(envelope)
                .setAttempt(envelope.getAttempt() + 1)
                .setRetries(envelope.getRetries() + 1)
                .setLossesBeforeStart(0)
                .setHops(0)
                .setReturns(0)
                .setSeal(null)
                .build();
    }
}
