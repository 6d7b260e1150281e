package dev.athanor.dispatcher.job;

import dev.athanor.dispatcher.outbox.WaitingAttempt;
import dev.athanor.schemas.Codec;
import dev.athanor.schemas.FunctionSpec;
import dev.athanor.schemas.Invocation;
import dev.athanor.schemas.InvocationEnvelope;
import dev.athanor.schemas.JobState;
import java.time.Instant;
import java.util.Optional;

/** What is to be said of a job of which nothing is known but that it waits in the outbox. */
final class WaitingJob {
    private WaitingJob() {}

    static Job of(WaitingAttempt attempt) {
        InvocationEnvelope envelope =
                Codec.current().decode(attempt.envelope(), InvocationEnvelope.class);
        Invocation invocation = Codec.current().decode(envelope.getInvocation(), Invocation.class);
        FunctionSpec function =
                Codec.current().decode(invocation.getFunction(), FunctionSpec.class);
        Instant createdAt = Instant.ofEpochMilli(invocation.getCreatedAt());
        return new Job(
                invocation.getCorrelationId(),
                function.getName(),
                attempt.machineType(),
                JobState.SCHEDULED,
                attempt.key().attempt(),
                createdAt,
                createdAt,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                "",
                Optional.empty());
    }
}
