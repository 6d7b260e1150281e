package dev.athanor.api.internal.local;

import dev.athanor.api.AthanorException;
import dev.athanor.api.CancelledCallException;
import dev.athanor.api.Options;
import dev.athanor.api.internal.call.CallFuture;
import dev.athanor.api.internal.call.Failed;
import dev.athanor.api.internal.call.Handover;
import dev.athanor.api.internal.call.PackedCall;
import dev.athanor.environment.build.BuildFailedException;
import dev.athanor.environment.machine.MachineTypes;
import dev.athanor.environment.outcome.CallFailure;
import dev.athanor.environment.outcome.CallFailures;
import dev.athanor.environment.pool.PooledSandbox;
import dev.athanor.environment.sandbox.Call;
import dev.athanor.environment.sandbox.CallResult;
import dev.athanor.environment.sandbox.StartFailedException;
import dev.athanor.runtime.protocol.PayloadCodec;
import dev.athanor.schemas.FailureCode;
import dev.athanor.schemas.blob.Blobs;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * One call on this machine, from its turn to its outcome. Runs on a thread of its own; interrupting
 * that stops the call.
 */
final class LocalCall<R extends @Nullable Object> implements Runnable {
    private static final CallFailures FAILURES = new CallFailures(MachineTypes.REFERENCE);

    private final LocalFunction function;
    private final PackedCall packed;
    private final Turns turns;
    private final Sandboxes sandboxes;
    private final Duration grace;
    private final Handover<R> handover;
    private final LocalLog log;

    LocalCall(
            LocalFunction function,
            PackedCall packed,
            Turns turns,
            Sandboxes sandboxes,
            Duration grace,
            Handover<R> handover,
            LocalLog log) {
        this.function = function;
        this.packed = packed;
        this.turns = turns;
        this.sandboxes = sandboxes;
        this.grace = grace;
        this.handover = handover;
        this.log = log;
    }

    CallFuture<R> future() {
        return handover.future();
    }

    @Override
    public void run() {
        try {
            finish(result());
        } catch (AthanorException e) {
            handover.fail(e);
        } catch (InterruptedException e) {
            cancel("was cancelled");
        } catch (RuntimeException | Error e) {
            handover.fail(failure(FailureCode.START_FAILED, "could not be run here: " + e));
        }
    }

    /** Ends it for its caller, whatever it still does. */
    void cancel(String why) {
        handover.fail(new CancelledCallException(name() + " " + why));
    }

    private CallResult result() throws InterruptedException {
        Duration longest = options().queueTimeout();
        if (!turns.await(longest)) {
            throw failure(
                    FailureCode.DEADLINE_PASSED,
                    "still waiting for its turn on this machine after its queue timeout of "
                            + longest);
        }
        try {
            return run(sandbox());
        } finally {
            turns.end();
        }
    }

    private PooledSandbox sandbox() throws InterruptedException {
        try {
            return sandboxes.lend(function, packed.bundles(), log::buildLine);
        } catch (BuildFailedException e) {
            throw failure(
                    e.isTimedOut() ? FailureCode.BUILD_TIMEOUT : FailureCode.BUILD_FAILED,
                    e.getMessage());
        } catch (StartFailedException e) {
            throw failure(
                    e.isTimeout() ? FailureCode.START_TIMEOUT : FailureCode.START_FAILED,
                    e.getMessage());
        }
    }

    private CallResult run(PooledSandbox pooled) throws InterruptedException {
        Duration timeout = options().timeout();
        try {
            CompletableFuture<CallResult> result = pooled.sandbox().invoke(call(), log);
            boolean inTime = endsOrStops(result, timeout, pooled);
            CallResult ended = result.join();
            pooled.release(options().keepAlive());
            if (inTime) {
                return ended;
            }
        } catch (InterruptedException | RuntimeException e) {
            pooled.discard();
            throw e;
        }
        throw failure(
                FailureCode.EXECUTION_TIMEOUT,
                "the function ran for more than its execution timeout of %s: raise it with timeout(…)"
                        .formatted(timeout));
    }

    private Call call() {
        return new Call(
                UUID.randomUUID().toString(),
                1,
                PayloadCodec.JAVA,
                function.entryPoint(),
                packed.arguments().bytes(),
                Blobs.DEFAULT_LIMIT);
    }

    /** An interrupt stops the function as its timeout does, and is passed on. */
    private boolean endsOrStops(
            CompletableFuture<CallResult> result, Duration timeout, PooledSandbox pooled)
            throws InterruptedException {
        try {
            if (ends(result, timeout)) {
                return true;
            }
        } catch (InterruptedException e) {
            stop(result, pooled);
            throw e;
        }
        stop(result, pooled);
        return false;
    }

    private void stop(CompletableFuture<CallResult> result, PooledSandbox pooled)
            throws InterruptedException {
        pooled.sandbox().cancel();
        if (!ends(result, grace)) {
            pooled.sandbox().kill();
        }
    }

    private static boolean ends(CompletableFuture<CallResult> result, Duration wait)
            throws InterruptedException {
        try {
            result.get(wait.toNanos(), TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException("a sandbox completes no call exceptionally", e);
        }
    }

    private void finish(CallResult result) {
        if (result instanceof CallResult.Succeeded succeeded) {
            log.end(succeeded.droppedLogLines());
            handover.complete(() -> value(succeeded));
        } else if (result instanceof CallResult.Threw threw) {
            log.end(threw.droppedLogLines());
            fail(FAILURES.of(threw, function.machineType()));
        } else if (result instanceof CallResult.Rejected rejected) {
            fail(FAILURES.of(rejected));
        } else if (result instanceof CallResult.Died died) {
            log.end(0);
            fail(FAILURES.of(died, function.machineType()));
        } else if (result instanceof CallResult.NotStarted notStarted) {
            fail(FAILURES.of(notStarted));
        }
    }

    /** The function's result is an R: it is what its code returned. */
    @SuppressWarnings({"unchecked", "NullAway"})
    private R value(CallResult.Succeeded succeeded) {
        return (R) read(succeeded.bytes());
    }

    private @Nullable Object read(byte[] bytes) {
        return packed.function().resultReader(packed.bundles()).read(bytes);
    }

    /** What was thrown is read on a callback thread, since it runs code of the caller's classes. */
    private void fail(CallFailure failure) {
        byte[] original = failure.original();
        Failed failed =
                new Failed(
                        FailureCode.valueOf(failure.kind().name()),
                        failure.message(),
                        failure.throwables(),
                        () -> original == null ? null : read(original),
                        failure.largerMachineType());
        handover.complete(() -> {
            throw failed.toException(name());
        });
    }

    private AthanorException failure(FailureCode code, @Nullable String message) {
        return Failed.of(code, message).toException(name());
    }

    private Options options() {
        return packed.function().options();
    }

    private String name() {
        return packed.function().name();
    }
}
