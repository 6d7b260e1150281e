package dev.athanor.agent.call;

import dev.athanor.agent.cancel.CallStop;
import dev.athanor.environment.machine.MachineType;
import dev.athanor.environment.pool.PooledSandbox;
import dev.athanor.environment.sandbox.CallResult;
import dev.athanor.schemas.FailureCode;
import dev.athanor.schemas.Outcome;
import dev.athanor.schemas.PhaseTimes;
import dev.athanor.schemas.Reply;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A call that runs in a sandbox. */
final class SandboxCall implements ActiveCall {
    private final Delivery delivery;
    private final KnownFunction.Runs function;
    private final PooledSandbox pooled;
    private final CompletableFuture<CallResult> result;
    private final CallLog log;
    private final ValueRelay values;
    private final Duration timeout;
    private final Duration grace;
    private final PhaseTimes phases;
    private final CallStop stop;
    private final Replies replies;
    private final WarmHints hints;
    private long firstAwaited;
    private boolean isAwaited;

    SandboxCall(
            Delivery delivery,
            KnownFunction.Runs function,
            PooledSandbox pooled,
            CompletableFuture<CallResult> result,
            CallLog log,
            ValueRelay values,
            Duration timeout,
            Duration grace,
            PhaseTimes phases,
            CallStop stop,
            Replies replies,
            WarmHints hints) {
        this.delivery = delivery;
        this.function = function;
        this.pooled = pooled;
        this.result = result;
        this.log = log;
        this.values = values;
        this.timeout = timeout;
        this.grace = grace;
        this.phases = phases;
        this.stop = stop;
        this.replies = replies;
        this.hints = hints;
    }

    @Override
    public boolean await(Duration wait) throws InterruptedException {
        Duration left = left();
        return ends(wait.compareTo(left) < 0 ? wait : left) || wait.compareTo(left) >= 0;
    }

    @Override
    public CallEnd join() throws InterruptedException {
        boolean inTime;
        try {
            inTime = ends(left());
            if (!inTime) {
                stop();
            }
        } catch (InterruptedException e) {
            pooled.discard();
            throw e;
        }
        CallResult ended = result.join();
        if (ended instanceof CallResult.NotStarted && !stop.isRequested()) {
            pooled.release(Duration.ZERO);
            return new CallEnd.NotStarted();
        }
        if (ended instanceof CallResult.Died died && died.exit().isLost() && !stop.isRequested()) {
            pooled.release(Duration.ZERO);
            log.flush();
            return new CallEnd.Lost();
        }
        boolean keeps = pooled.sandbox().isUsable() && !function.keepAlive().isZero();
        pooled.release(function.keepAlive());
        log.flush();
        if (stop.isRequested()) {
            return new CallEnd.Replied(cancelled(ended));
        }
        return new CallEnd.Replied(inTime ? reply(ended, keeps) : timedOut());
    }

    /** A killed sandbox says at once which calls had not started. */
    @Override
    public boolean abandon() {
        pooled.discard();
        return !(result.getNow(null) instanceof CallResult.NotStarted);
    }

    private Reply cancelled(CallResult ended) {
        if (ended instanceof CallResult.NotStarted) {
            return replies.cancelled(delivery, "before it started", phases);
        }
        long ran = isAwaited ? System.nanoTime() - firstAwaited : 0;
        return replies.cancelled(
                delivery,
                ended instanceof CallResult.Died
                        ? "while it ran; it did not heed the interrupt, which ended its sandbox"
                        : "while it ran",
                PhaseTimes.newBuilder(phases).setRun(ran / 1_000).build());
    }

    /** A call that waits behind another is awaited once that has ended: its time begins then. */
    private Duration left() {
        if (!isAwaited) {
            isAwaited = true;
            firstAwaited = System.nanoTime();
        }
        return timeout.minusNanos(System.nanoTime() - firstAwaited);
    }

    private Reply reply(CallResult ended, boolean keeps) throws InterruptedException {
        if (values.failure().isPresent()) {
            return replies.failed(
                    delivery,
                    Outcome.FAILED,
                    FailureCode.INVALID_RESULT,
                    "a value could not be sent: " + values.failure().get(),
                    phases);
        }
        MachineType machineType = function.machineType();
        Reply.Builder reply = replies.ended(delivery, machineType, ended, phases);
        reply.setHot(pooled.hot());
        reply.setDroppedLogLines(reply.getDroppedLogLines() + log.dropped());
        reply.setLogLines(log.lines());
        reply.setStreamItems(values.count());
        if (keeps && delivery.envelope().getEscalatedTo().isEmpty()) {
            hints.of(function).ifPresent(reply::setHint);
        }
        return reply.build();
    }

    private Reply timedOut() {
        return replies.failed(
                delivery,
                Outcome.TIMED_OUT,
                FailureCode.EXECUTION_TIMEOUT,
                "the function ran for more than its execution timeout of %s: raise it with timeout(…)"
                        .formatted(timeout),
                PhaseTimes.newBuilder(phases).setRun(timeout.toNanos() / 1_000).build());
    }

    /** Interrupts the function, and ends its sandbox where that does not help. */
    private void stop() throws InterruptedException {
        pooled.sandbox().cancel(delivery.correlationId());
        if (!ends(grace)) {
            pooled.sandbox().kill(delivery.correlationId());
        }
    }

    private boolean ends(Duration wait) throws InterruptedException {
        try {
            result.get(Math.max(0, wait.toNanos()), TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException("a sandbox completes no call exceptionally", e);
        }
    }
}
