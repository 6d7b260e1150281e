package dev.athanor.api.internal.cluster;

import dev.athanor.api.AthanorException;
import dev.athanor.api.CallInfo;
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
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A call that was sent and waits for its outcome. Its lines and its outcome are handed over in
 * their order, on callback threads, one at a time.
 */
final class PendingCall<R extends @Nullable Object> {
    /** While this many lines wait for a slow listener, further ones are dropped. */
    private static final int MOST_WAITING_LINES = 10_000;

    private final OutgoingCall outgoing;
    private final Instant createdAt;
    private final CallFuture<R> future = new CallFuture<>();
    private final LogDelivery logs;
    private final SerialExecutor serial;

    private final AtomicInteger waitingLines = new AtomicInteger();
    private final AtomicLong droppedLines = new AtomicLong();

    private volatile String correlationId = "";
    private volatile List<BlobAddress> uploads = List.of();
    private volatile WarmRoutes.Route route = WarmRoutes.Route.NONE;
    private volatile boolean sentAgain;

    PendingCall(OutgoingCall outgoing, InstantSource clock, Executor callbacks) {
        this.outgoing = outgoing;
        this.createdAt = clock.instant();
        this.logs = new LogDelivery(outgoing.function().options().logs(), clock);
        this.serial = new SerialExecutor(callbacks);
    }

    OutgoingCall outgoing() {
        return outgoing;
    }

    CallFuture<R> future() {
        return future;
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
        int count = lines.getLines().size();
        if (waitingLines.get() >= MOST_WAITING_LINES) {
            droppedLines.addAndGet(count);
            return;
        }
        waitingLines.addAndGet(count);
        serial.execute(() -> deliver(lines));
    }

    private void deliver(LogLines lines) {
        try {
            logs.deliver(lines);
        } finally {
            waitingLines.addAndGet(-lines.getLines().size());
        }
    }

    /** Ends the call with its reply. */
    void finish(Reply reply, ReplyReader reader) {
        serial.execute(() -> {
            try {
                logs.end(droppedLines.get() + reply.getDroppedLogLines());
            } finally {
                tell(reply);
                complete(reply, reader);
            }
        });
    }

    /** A listener's mistake must not keep the result from its caller. */
    private void tell(Reply reply) {
        PhaseTimes times = reply.getPhases();
        try {
            outgoing.function()
                    .options()
                    .onEnd()
                    .accept(
                            new CallInfo(
                                    reply.getCorrelationId(),
                                    reply.getOutcome() == Outcome.SUCCEEDED,
                                    reply.getAttempt(),
                                    reply.getAgent(),
                                    reply.getHot(),
                                    micros(times.getQueue()),
                                    micros(times.getBuild()),
                                    micros(times.getStart()),
                                    micros(times.getRun())));
        } catch (RuntimeException | Error e) {
            Thread thread = Thread.currentThread();
            thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
        }
    }

    private static Duration micros(long count) {
        return Duration.of(count, ChronoUnit.MICROS);
    }

    /** Ends the call without one. */
    void fail(AthanorException failure) {
        serial.execute(() -> future.completeExceptionally(failure));
    }

    /** The function's result is an R: it is what its code returned. */
    @SuppressWarnings("unchecked")
    private void complete(Reply reply, ReplyReader reader) {
        try {
            future.complete((R) reader.result(reply, outgoing));
        } catch (RuntimeException | Error e) {
            future.completeExceptionally(e);
        }
    }
}
