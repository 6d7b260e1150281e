package dev.athanor.dispatcher.outbox;

import java.util.Optional;

/**
 * A waiting attempt that a producer sets about writing.
 *
 * @param isCancelled whether the end of its job is to be written instead
 * @param earlier transactional id of the producer that set about it before, and may have written
 *     it; empty: none has
 */
public record Claim(WaitingAttempt attempt, boolean isCancelled, Optional<String> earlier) {}
