package dev.athanor.dispatcher.deadletter;

import dev.athanor.schemas.Codec;
import dev.athanor.schemas.DeadLetter;
import dev.athanor.schemas.DeadLetterReason;
import dev.athanor.schemas.FunctionSpec;
import dev.athanor.schemas.Invocation;
import dev.athanor.schemas.InvocationEnvelope;
import dev.athanor.schemas.UndecodableException;
import dev.athanor.schemas.keys.RefusedException;
import dev.athanor.schemas.keys.Trust;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Makes out what records of the dead letters' topic say. Safe for any number of threads. */
final class LetterReader {
    /**
     * A call that was given up, whole.
     *
     * @param tenant who is vouched for
     */
    record LostInvocation(String tenant, Invocation invocation, FunctionSpec function) {}

    private final Trust trust;

    LetterReader(Trust trust) {
        this.trust = trust;
    }

    FoundLetter read(ConsumerRecord<byte[], byte[]> record) {
        DeadLetter letter = letter(record);
        return new FoundLetter(
                record.offset(),
                letter.getReason(),
                letter.getMessage(),
                Instant.ofEpochMilli(letter.getAt()),
                letter.getAgent(),
                letter.getTopic(),
                letter.getPartition(),
                letter.getOffset(),
                letter.getAttempts(),
                letter.getValue().remaining(),
                invocation(letter).map(LetterReader::call));
    }

    /** The letter itself; one that cannot be read is a letter that says so. */
    static DeadLetter letter(ConsumerRecord<byte[], byte[]> record) {
        byte[] value = record.value() == null ? new byte[0] : record.value();
        try {
            return Codec.current().decode(value, DeadLetter.class);
        } catch (UndecodableException e) {
            return new DeadLetter(
                    DeadLetterReason.UNKNOWN,
                    "the dead letter itself cannot be read: " + e.getMessage(),
                    record.timestamp(),
                    "",
                    record.topic(),
                    record.partition(),
                    record.offset(),
                    0,
                    ByteBuffer.wrap(value),
                    List.of());
        }
    }

    /** The call that a letter holds; empty: it holds none that anybody vouches for. */
    Optional<LostInvocation> invocation(DeadLetter letter) {
        Codec codec = Codec.current();
        try {
            InvocationEnvelope envelope = codec.decode(letter.getValue(), InvocationEnvelope.class);
            Invocation invocation = codec.decode(envelope.getInvocation(), Invocation.class);
            FunctionSpec function = codec.decode(invocation.getFunction(), FunctionSpec.class);
            return Optional.of(new LostInvocation(trust.owner(envelope), invocation, function));
        } catch (UndecodableException | RefusedException e) {
            return Optional.empty();
        }
    }

    private static DeadCall call(LostInvocation lost) {
        Invocation invocation = lost.invocation();
        return new DeadCall(
                lost.tenant(),
                invocation.getCorrelationId(),
                lost.function().getName(),
                lost.function().getMachineType(),
                Instant.ofEpochMilli(invocation.getCreatedAt()),
                invocation.getJob());
    }
}
