package dev.athanor.dispatcher.supervision;

import dev.athanor.schemas.Codec;
import dev.athanor.schemas.FunctionSpec;
import dev.athanor.schemas.Invocation;
import dev.athanor.schemas.InvocationEnvelope;
import dev.athanor.schemas.Lease;
import dev.athanor.schemas.UndecodableException;
import dev.athanor.schemas.job.KnownJob;
import dev.athanor.schemas.keys.RefusedException;
import dev.athanor.schemas.keys.Trust;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Knows which leases are of jobs. Safe for any number of threads. */
final class LeasedJobs {
    private static final Logger LOG = LoggerFactory.getLogger(LeasedJobs.class);

    private final Trust trust;

    LeasedJobs(Trust trust) {
        this.trust = trust;
    }

    /**
     * The job that a lease stands for; empty where it is a plain call, or nobody vouches for it.
     *
     * @param envelope as its invocation goes on
     */
    Optional<KnownJob> of(Lease lease, InvocationEnvelope envelope) {
        try {
            Invocation invocation =
                    Codec.current().decode(envelope.getInvocation(), Invocation.class);
            if (!invocation.getJob()) {
                return Optional.empty();
            }
            FunctionSpec function =
                    Codec.current().decode(invocation.getFunction(), FunctionSpec.class);
            return Optional.of(
                    new KnownJob(
                            trust.owner(envelope),
                            envelope,
                            invocation,
                            function.getName(),
                            lease.getMachineType()));
        } catch (UndecodableException | RefusedException e) {
            LOG.warn(
                    "correlationId={} may be a job, and nothing is said of it: {}",
                    lease.getCorrelationId(),
                    e.getMessage());
            return Optional.empty();
        }
    }
}
