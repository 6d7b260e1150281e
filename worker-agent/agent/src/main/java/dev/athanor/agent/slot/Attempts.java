package dev.athanor.agent.slot;

import dev.athanor.agent.call.Delivery;
import dev.athanor.schemas.InvocationEnvelope;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Counts the attempts of an invocation that agents died or closed on.
 *
 * @param max how many there are; 3 by default
 */
public record Attempts(int max) {
    public static final int DEFAULT_MAX = 3;

    /** The envelope of the next attempt; empty when there is none left. */
    Optional<InvocationEnvelope> next(Delivery delivery, String lostAgent) {
        InvocationEnvelope envelope = delivery.envelope();
        if (envelope.getAttempt() >= max) {
            return Optional.empty();
        }
        List<String> lost = new ArrayList<>(envelope.getLostAgents());
        lost.add(lostAgent);
        return Optional.of(
                InvocationEnvelope.newBuilder(envelope)
                        .setAttempt(envelope.getAttempt() + 1)
                        .setLostAgents(lost)
                        .build());
    }
}
