package dev.athanor.api.internal.cluster;

import dev.athanor.api.AthanorException;
import dev.athanor.api.CallInfo;
import dev.athanor.api.internal.call.CallFuture;
import dev.athanor.api.internal.call.Handover;
import dev.athanor.schemas.BlobAddress;
import dev.athanor.schemas.LogLines;
import dev.athanor.schemas.Outcome;
import dev.athanor.schemas.PhaseTimes;
import dev.athanor.schemas.Reply;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * A call that was sent and waits for its outcome. Its lines and its outcome are handed over in
 * their order, on callback threads, one at a time.
 */
final class PendingCall<R extends @Nullable Object> {
    private final OutgoingCall outgoing;
    private final Instant createdAt;
    private final LogDelivery logs;
    private final Handover<R> handover;

    private volatile String correlationId = "";
    private volatile List<BlobAddress> uploads = List.of();
    private volatile WarmRoutes.Route route = WarmRoutes.Route.NONE;
    private volatile boolean sentAgain;

    PendingCall(OutgoingCall outgoing, InstantSource clock, Executor callbacks) {
        this.outgoing = outgoing;
        this.createdAt = clock.instant();
        this.logs = new LogDelivery(outgoing.function().options().logs(), clock);
        this.handover = new Handover<>(callbacks);
    }

    OutgoingCall outgoing() {
        return outgoing;
    }

    CallFuture<R> future() {
        return handover.future();
    }

    Instant createdAt() {
        return createdAt;
    }

    Instant deadline() {
        return outgoing.deadline(createdAt);
    }

    String correlationId() {
        return correlationId;
    }

    /** The way that it was sent. */
    WarmRoutes.Route route() {
        return route;
    }

    List<BlobAddress> uploads() {
        return uploads;
    }

    /**
     * A call is sent under a new id each time, so that replies to an earlier one are not its own.
     */
    void sentAs(String id, List<BlobAddress> bundles, WarmRoutes.Route way) {
        correlationId = id;
        uploads = bundles;
        route = way;
    }

    /** True once: a call is sent at most twice. */
    boolean mayBeSentAgain() {
        boolean may = !sentAgain;
        sentAgain = true;
        return may;
    }

    void logLines(LogLines lines) {
        handover.lines(lines.getLines().size(), () -> logs.deliver(lines));
    }

    /** Has a line of ours delivered among the function's. */
    void notice(String text) {
        handover.lines(1, () -> logs.notice(text));
    }

    /** Ends the call with its reply. */
    void finish(Reply reply, ReplyReader reader) {
        handover.complete(() -> tellEnd(reply), () -> result(reply, reader));
    }

    private void tellEnd(Reply reply) {
        try {
            logs.escalated(reply.getEscalatedFrom());
            logs.end(handover.droppedLines() + reply.getDroppedLogLines());
        } finally {
            outgoing.function().options().onEnd().accept(info(reply));
        }
    }

    private static CallInfo info(Reply reply) {
        PhaseTimes times = reply.getPhases();
        return new CallInfo(
                reply.getCorrelationId(),
                reply.getOutcome() == Outcome.SUCCEEDED,
                reply.getAttempt(),
                reply.getAgent(),
                reply.getHot(),
                micros(times.getQueue()),
                micros(times.getBuild()),
                micros(times.getStart()),
                micros(times.getRun()),
                reply.getEscalatedFrom());
    }

    private static Duration micros(long count) {
        return Duration.of(count, ChronoUnit.MICROS);
    }

    /** Ends the call without one. */
    void fail(AthanorException failure) {
        handover.fail(failure);
    }

    /** The function's result is an R: it is what its code returned. */
    @SuppressWarnings({"unchecked", "NullAway"})
    private R result(Reply reply, ReplyReader reader) {
        return (R) reader.result(reply, outgoing);
    }
}
