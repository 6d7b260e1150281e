package dev.athanor.dispatcher.ledger;

import dev.athanor.schemas.BlobAddress;
import java.util.Optional;

/**
 * What an end of a job leaves to be read. A job may have several, of which its row says which one
 * counts.
 *
 * @param expiresAt until when it is kept, milliseconds since the epoch
 * @param reply the encoded Reply
 * @param blob where its result lies, when that is not in the reply itself
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record JobEnd(
        JobKey key,
        long precedence,
        long changedAt,
        String agent,
        long expiresAt,
        byte[] reply,
        Optional<BlobAddress> blob) {}
