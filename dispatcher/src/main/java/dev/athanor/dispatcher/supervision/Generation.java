package dev.athanor.dispatcher.supervision;

import dev.athanor.schemas.Lease;
import dev.athanor.schemas.attempt.LeaseKey;

/**
 * One way of an invocation through its queue. Every run elsewhere begins another, so that two
 * leases of one generation stand for the same loss.
 */
record Generation(String signer, String correlationId, int attempt, int lossesBeforeStart) {
    static Generation of(Lease lease) {
        return new Generation(
                LeaseKey.signer(lease.getEnvelope()),
                lease.getCorrelationId(),
                lease.getEnvelope().getAttempt(),
                lease.getEnvelope().getLossesBeforeStart());
    }
}
