package dev.athanor.schemas.keys;

import dev.athanor.schemas.InvocationEnvelope;
import dev.athanor.schemas.SignedEnvelope;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * What is believed of the records that callers and agents write. Safe for any number of threads.
 */
public interface Trust {
    /**
     * Whose invocation a record of a queue or a lane holds. Every record is asked for once, or
     * again where it was given back.
     *
     * @param correlationId of the invocation
     * @throws RefusedException when nobody vouches for it
     */
    Caller caller(
            ConsumerRecord<byte[], byte[]> record,
            InvocationEnvelope envelope,
            String correlationId);

    /**
     * Whose invocation an agent wrote down, which had asked for its {@link #caller}.
     *
     * @throws RefusedException when nobody vouches for it
     */
    String owner(InvocationEnvelope envelope);

    /** The tenant that wants a call stopped; empty: an operator, who may stop any. */
    Optional<String> canceller(ConsumerRecord<byte[], byte[]> record, SignedEnvelope envelope);

    /** An envelope as it goes into a queue or a lane. */
    InvocationEnvelope sealed(InvocationEnvelope envelope);

    /** Bytes that are no invocation, as this process vouches for them. */
    SignedEnvelope signed(byte[] content);
}
