package dev.athanor.schemas.attempt;

import dev.athanor.schemas.InvocationEnvelope;
import dev.athanor.schemas.Lease;
import dev.athanor.schemas.Signature;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.utils.Utils;

/**
 * The key of a lease in {@link dev.athanor.schemas.Topics#RUNNING}. Every holder has its own: an
 * agent that was taken for dead and comes back late ends its own lease, never that of the agent
 * that runs the next attempt. All leases of a call lie in one partition, whose supervisor sees them
 * all.
 */
public final class LeaseKey {
    /**
     * Stands for the agent of a lease that nobody holds: its invocation was redelivered, so an
     * agent was lost with it, and supervision is to see that it runs elsewhere just once.
     */
    public static final String NOBODY = "unknown";

    /** The epoch of a lease that nobody holds. */
    public static final long NO_EPOCH = 0;

    private LeaseKey() {}

    /** The partition of a call's leases, of so many. */
    public static int partition(String correlationId, int partitions) {
        byte[] bytes = correlationId.getBytes(StandardCharsets.UTF_8);
        return Utils.toPositive(Utils.murmur2(bytes)) % partitions;
    }

    public static byte[] of(Lease lease) {
        return of(
                lease.getCorrelationId(), lease.getEnvelope(), lease.getAgent(), lease.getEpoch());
    }

    public static byte[] of(
            String correlationId, InvocationEnvelope envelope, String agent, long epoch) {
        return "%s%s/%d/%s/%d"
                .formatted(signer(envelope), correlationId, envelope.getAttempt(), agent, epoch)
                .getBytes(StandardCharsets.UTF_8);
    }

    /** Whose id it is: a caller that gives its call the id of another's must not end its lease. */
    public static String signer(InvocationEnvelope envelope) {
        Signature signature = envelope.getSignature();
        String signer = signature == null ? envelope.getTenant() : signature.getKeyId();
        return signer.isEmpty() ? "" : signer + "/";
    }
}
