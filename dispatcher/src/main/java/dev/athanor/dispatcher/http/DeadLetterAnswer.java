package dev.athanor.dispatcher.http;

import dev.athanor.dispatcher.deadletter.DeadCall;
import dev.athanor.dispatcher.deadletter.FoundLetter;
import dev.athanor.schemas.DeadLetterReason;
import org.jspecify.annotations.Nullable;

/**
 * A dead letter; times are in ISO 8601. What is not known is left out.
 *
 * @param reason for programs
 * @param message for people
 * @param call that it is about, where it holds one
 */
record DeadLetterAnswer(
        String id,
        DeadLetterReason reason,
        String message,
        String at,
        @Nullable String agent,
        int attempts,
        Origin origin,
        int size,
        @Nullable Call call) {
    /** Where the record was read. */
    record Origin(String topic, @Nullable Integer partition, @Nullable Long offset) {}

    /** The call; a job is found by its id. */
    record Call(
            String tenant,
            String correlationId,
            String function,
            String machineType,
            String createdAt,
            boolean job) {
        static Call of(DeadCall call) {
            return new Call(
                    call.tenant(),
                    call.correlationId(),
                    call.function(),
                    call.machineType(),
                    call.createdAt().toString(),
                    call.isJob());
        }
    }

    static DeadLetterAnswer of(FoundLetter letter) {
        return new DeadLetterAnswer(
                Long.toString(letter.id()),
                letter.reason(),
                letter.message(),
                letter.at().toString(),
                letter.agent().isEmpty() ? null : letter.agent(),
                letter.attempts(),
                new Origin(
                        letter.topic(),
                        letter.partition() < 0 ? null : Integer.valueOf(letter.partition()),
                        letter.offset() < 0 ? null : Long.valueOf(letter.offset())),
                letter.size(),
                letter.call().map(Call::of).orElse(null));
    }
}
