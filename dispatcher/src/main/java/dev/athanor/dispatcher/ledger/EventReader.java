package dev.athanor.dispatcher.ledger;

import dev.athanor.dispatcher.outbox.AttemptKey;
import dev.athanor.dispatcher.outbox.DueWebhook;
import dev.athanor.dispatcher.outbox.WaitingAttempt;
import dev.athanor.schemas.Bytes;
import dev.athanor.schemas.Codec;
import dev.athanor.schemas.FunctionSpec;
import dev.athanor.schemas.Invocation;
import dev.athanor.schemas.InvocationEnvelope;
import dev.athanor.schemas.JobEvent;
import dev.athanor.schemas.JobState;
import dev.athanor.schemas.Payload;
import dev.athanor.schemas.Reply;
import dev.athanor.schemas.UndecodableException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Reads events. Safe for any number of threads. */
final class EventReader {
    /** How long results are kept whose jobs say nothing of that. */
    static final Duration KEEP_RESULTS = Duration.ofDays(7);

    private final Predicate<JobRow> isKept;
    private final Duration longest;
    private final InstantSource clock;

    /**
     * @param isKept whether the ledger has a place for the row
     * @param longest for how long results are kept at most
     */
    EventReader(Predicate<JobRow> isKept, Duration longest, InstantSource clock) {
        this.isKept = isKept;
        this.longest = longest;
        this.clock = clock;
    }

    /**
     * @throws UndecodableException when the record is no event of a job that is kept
     */
    ReadEvent read(ConsumerRecord<byte[], byte[]> record) {
        byte[] value = record.value() == null ? new byte[0] : record.value();
        JobEvent event = Codec.current().decode(value, JobEvent.class);
        JobRow row =
                JobRow.of(event, clock.millis() + keepMillis(event))
                        .filter(isKept)
                        .orElseThrow(
                                () -> new UndecodableException("no event of a job that is kept"));
        return new ReadEvent(
                row,
                row.isEnd() && event.getReply() != null
                        ? Optional.of(end(row, Bytes.copy(event.getReply())))
                        : Optional.empty(),
                row.waits() ? Optional.of(waiting(row, event)) : Optional.empty(),
                row.isEnd() && !event.getWebhook().isEmpty()
                        ? Optional.of(
                                new DueWebhook(
                                        row.key().tenant(),
                                        row.key().id(),
                                        event.getWebhook(),
                                        clock.millis()))
                        : Optional.empty());
    }

    /** What it says must be as it will have to be when its time comes. */
    private WaitingAttempt waiting(JobRow row, JobEvent event) {
        ByteBuffer next = event.getNext();
        if (next == null || event.getDelayMillis() < 0) {
            throw new UndecodableException("it waits for its time, and says not for what");
        }
        InvocationEnvelope envelope = Codec.current().decode(next, InvocationEnvelope.class);
        Invocation invocation = Codec.current().decode(envelope.getInvocation(), Invocation.class);
        Codec.current().decode(invocation.getFunction(), FunctionSpec.class);
        if (!invocation.getCorrelationId().equals(event.getCorrelationId())
                || envelope.getAttempt() != firstOrNext(row)) {
            throw new UndecodableException("what is to run later is no attempt that follows");
        }
        // An agent's clock that is ahead makes nothing wait for longer.
        long since = Math.min(row.changedAt(), clock.millis());
        return new WaitingAttempt(
                new AttemptKey(row.key().tenant(), row.key().id(), envelope.getAttempt()),
                row.machineType(),
                since + Math.min(event.getDelayMillis(), longest.toMillis()),
                Bytes.copy(next));
    }

    private static int firstOrNext(JobRow row) {
        return row.state() == JobState.SCHEDULED ? 1 : row.attempt() + 1;
    }

    private long keepMillis(JobEvent event) {
        long asked = event.getKeepResultMillis();
        return asked <= 0 ? KEEP_RESULTS.toMillis() : Math.min(asked, longest.toMillis());
    }

    private static JobEnd end(JobRow row, byte[] encoded) {
        Reply reply = Codec.current().decode(encoded, Reply.class);
        return new JobEnd(
                row.key(),
                row.precedence(),
                row.changedAt(),
                row.agent(),
                row.resultExpiresAt(),
                encoded,
                Optional.ofNullable(reply.getResult()).map(Payload::getBlob));
    }
}
