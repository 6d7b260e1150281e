package dev.athanor.loadtests.guarantee;

import dev.athanor.api.Athanor;
import dev.athanor.api.CancelledCallException;
import dev.athanor.api.IsolatedFunction3;
import dev.athanor.api.LostException;
import dev.athanor.api.TimedOutException;
import dev.athanor.api.UnavailableException;
import dev.athanor.schemas.Outcome;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Makes the calls and notes what it is told. Safe for any number of threads. */
final class Caller {
    private static final class Made {
        private final Instant sentAt;
        private final Queue<Ending> endings = new ConcurrentLinkedQueue<>();

        private Made(Instant sentAt) {
            this.sentAt = sentAt;
        }
    }

    private final IsolatedFunction3<String, Long, String, Long> work;
    private final Path notes;
    private final InstantSource clock;
    private final int inFlight;
    private final Semaphore room;
    private final Map<PlannedCall, Made> made = new ConcurrentHashMap<>();
    private final Map<String, String> marks = new ConcurrentHashMap<>();

    /**
     * @param work what is called, with a mark, milliseconds and the file of notes
     * @param notes where the function notes its executions
     * @param inFlight how many calls are under way at once
     */
    Caller(
            IsolatedFunction3<String, Long, String, Long> work,
            Path notes,
            int inFlight,
            InstantSource clock) {
        this.work = work;
        this.notes = notes;
        this.clock = clock;
        this.inFlight = inFlight;
        this.room = new Semaphore(inFlight);
    }

    /** Sends the calls; blocks while there is no room for the next one. */
    void send(List<PlannedCall> calls) throws InterruptedException {
        for (PlannedCall call : calls) {
            room.acquire();
            Made sent = new Made(clock.instant());
            made.put(call, sent);
            CompletableFuture<?> _ =
                    submit(call)
                            .whenComplete((result, failure) -> {
                                sent.endings.add(ending(call, result, failure));
                                room.release();
                            });
        }
    }

    private CompletableFuture<Long> submit(PlannedCall call) {
        IsolatedFunction3<String, Long, String, Long> limited =
                call.queueTimeout()
                        .map(timeout ->
                                work.on(
                                        Athanor.queueTimeout(timeout),
                                        Athanor.onEnd(info ->
                                                marks.put(info.correlationId(), call.mark()))))
                        .orElse(work);
        try {
            return limited.submit(call.mark(), call.length().toMillis(), notes.toString());
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private Ending ending(PlannedCall call, @Nullable Long result, @Nullable Throwable failure) {
        Instant now = clock.instant();
        if (failure != null) {
            return new Ending(outcome(failure), now, failure.toString());
        }
        return result != null && result == call.expected()
                ? new Ending(Outcome.SUCCEEDED, now, "")
                : new Ending(Outcome.UNKNOWN, now, "the result of another call: " + result);
    }

    private static Outcome outcome(Throwable failure) {
        return switch (failure) {
            case TimedOutException timedOut
                    when timedOut.phase() == TimedOutException.Phase.QUEUE ->
                    Outcome.EXPIRED;
            case TimedOutException _ -> Outcome.TIMED_OUT;
            case LostException _ -> Outcome.LOST;
            case CancelledCallException _ -> Outcome.CANCELLED;
            case UnavailableException _ -> Outcome.UNKNOWN;
            default -> Outcome.FAILED;
        };
    }

    /** Waits until every call has ended; false when that takes longer. */
    boolean awaitAll(Duration timeout) throws InterruptedException {
        if (!room.tryAcquire(inFlight, timeout.toMillis(), TimeUnit.MILLISECONDS)) {
            return false;
        }
        room.release(inFlight);
        return true;
    }

    /** The marks of those that may have ended without being executed, by correlation id. */
    Map<String, String> marks() {
        return Map.copyOf(marks);
    }

    /** All that is known of a call that was sent. */
    CallHistory history(PlannedCall call, ExecutionLog executions, Trails trails) {
        Made sent = made.get(call);
        if (sent == null) {
            throw new IllegalArgumentException("was not sent: " + call);
        }
        Optional<Instant> deadline = call.queueTimeout().map(sent.sentAt::plus);
        return new CallHistory(
                call.index(),
                sent.sentAt,
                deadline,
                List.copyOf(sent.endings),
                executions.of(call),
                trails.replies(call),
                trails.redeliveries(call),
                trails.lines(call));
    }
}
