package dev.athanor.schemas.attempt;

import dev.athanor.schemas.InvocationEnvelope;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Counts the attempts of an invocation that agents were lost with. An attempt is a call of its
 * function; being held by an agent that is lost before that costs none, yet cannot go on for ever.
 *
 * @param max how many there are; 3 by default
 */
public record Attempts(int max) {
    public static final int DEFAULT_MAX = 3;

    /** What is lost with an agent this often before it ever starts may be what ends the agents. */
    public static final int MAX_LOSSES_BEFORE_START = 10;

    public Attempts {
        if (max < 1) {
            throw new IllegalArgumentException("attempts must be 1 or more, got " + max);
        }
    }

    /**
     * How many attempts agents were lost with: those before this one which did not end for want of
     * memory, nor with a failure that its retry policy is for.
     */
    public static int lost(InvocationEnvelope envelope) {
        int ended = envelope.getEscalatedFrom().size() + envelope.getRetries();
        return Math.max(0, envelope.getAttempt() - 1 - ended);
    }

    /** What is to run after the function had been called; empty when no attempt is left. */
    public Optional<InvocationEnvelope> afterStart(InvocationEnvelope lost, String agent) {
        if (lost(lost) + 1 >= max) {
            return Optional.empty();
        }
        List<String> agents = new ArrayList<>(lost.getLostAgents());
        agents.add(agent);
        return Optional.of(
                InvocationEnvelope.newBuilder(lost)
                        .setAttempt(lost.getAttempt() + 1)
                        .setLostAgents(agents)
                        .build());
    }

    /**
     * What is to run after an agent was lost that had not called the function, as far as is known;
     * empty when that has happened too often.
     */
    public Optional<InvocationEnvelope> beforeStart(InvocationEnvelope lost) {
        if (lost.getLossesBeforeStart() >= MAX_LOSSES_BEFORE_START) {
            return Optional.empty();
        }
        return Optional.of(
                InvocationEnvelope.newBuilder(lost)
                        .setLossesBeforeStart(lost.getLossesBeforeStart() + 1)
                        .build());
    }
}
