package dev.athanor.dispatcher.deadletter;

import dev.athanor.schemas.DeadLetterReason;
import java.time.Instant;
import java.util.Optional;

/**
 * A dead letter, without the record that it holds.
 *
 * @param id its place among the dead letters, which never changes
 * @param message why it was given up, for people
 * @param agent that gave it up, or had it last
 * @param topic where the record was read; partition and offset are -1 where an agent never said
 * @param attempts that were made of it
 * @param size of the record, in bytes
 * @param call empty: the record is none that anybody vouches for
 */
public record FoundLetter(
        long id,
        DeadLetterReason reason,
        String message,
        Instant at,
        String agent,
        String topic,
        int partition,
        long offset,
        int attempts,
        int size,
        Optional<DeadCall> call) {}
