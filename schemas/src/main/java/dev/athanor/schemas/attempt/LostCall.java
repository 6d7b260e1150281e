package dev.athanor.schemas.attempt;

import dev.athanor.schemas.Codec;
import dev.athanor.schemas.DeadLetter;
import dev.athanor.schemas.DeadLetterReason;
import dev.athanor.schemas.Failure;
import dev.athanor.schemas.FailureCode;
import dev.athanor.schemas.InvocationEnvelope;
import dev.athanor.schemas.Outcome;
import dev.athanor.schemas.PhaseTimes;
import dev.athanor.schemas.Reply;
import dev.athanor.schemas.Topics;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * An invocation that is given up, since it was lost with as many agents as it may be.
 *
 * @param lastAgent that it was lost with
 */
public record LostCall(
        String correlationId, String machineType, InvocationEnvelope envelope, String lastAgent) {

    /** What its caller is told. */
    public Reply reply() {
        return Reply.newBuilder()
                .setCorrelationId(correlationId)
                .setOutcome(Outcome.LOST)
                .setAttempt(envelope.getAttempt())
                .setAgent(lastAgent)
                .setPhases(new PhaseTimes())
                .setEscalatedFrom(envelope.getEscalatedFrom())
                .setFailure(
                        new Failure(
                                FailureCode.ATTEMPTS_EXHAUSTED,
                                message(),
                                List.of(),
                                null,
                                "",
                                List.of()))
                .build();
    }

    /**
     * What is kept of it.
     *
     * @param at milliseconds since the epoch
     */
    public DeadLetter deadLetter(long at) {
        return new DeadLetter(
                DeadLetterReason.ATTEMPTS_EXHAUSTED,
                message(),
                at,
                lastAgent,
                Topics.invocations(machineType),
                -1,
                -1L,
                envelope.getAttempt(),
                ByteBuffer.wrap(Codec.current().encode(envelope)),
                List.of());
    }

    private String message() {
        if (envelope.getLossesBeforeStart() >= Attempts.MAX_LOSSES_BEFORE_START) {
            return "%d agents died while they held it, before it could start"
                    .formatted(envelope.getLossesBeforeStart() + 1);
        }
        return "all of its %d attempts were lost to agents that died (%s)"
                .formatted(
                        Attempts.lost(envelope) + 1,
                        String.join(", ", envelope.getLostAgents())
                                + (envelope.getLostAgents().isEmpty() ? "" : ", ")
                                + lastAgent);
    }
}
