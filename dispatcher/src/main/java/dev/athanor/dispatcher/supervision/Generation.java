package dev.athanor.dispatcher.supervision;

import dev.athanor.schemas.Lease;

/**
 * One way of an invocation through its queue. Every run elsewhere begins another, so that two
 * leases of one generation stand for the same loss.
 */
record Generation(String correlationId, int attempt, int lossesBeforeStart) {
    static Generation of(Lease lease) {
        return new Generation(
                lease.getCorrelationId(),
                lease.getEnvelope().getAttempt(),
                lease.getEnvelope().getLossesBeforeStart());
    }
}
