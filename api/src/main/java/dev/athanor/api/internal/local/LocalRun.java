package dev.athanor.api.internal.local;

import dev.athanor.api.internal.bundle.Bundle;
import dev.athanor.environment.build.BuildFailedException;
import dev.athanor.environment.machine.MachineType;
import dev.athanor.environment.pool.PooledSandbox;
import dev.athanor.environment.sandbox.Call;
import dev.athanor.environment.sandbox.CallResult;
import dev.athanor.environment.sandbox.NestedCalls;
import dev.athanor.environment.sandbox.StartFailedException;
import dev.athanor.environment.sandbox.ValueSink;
import dev.athanor.runtime.protocol.FailureKind;
import dev.athanor.runtime.protocol.PayloadCodec;
import dev.athanor.schemas.blob.Blobs;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * One run of a function on this machine, from its turn to its end. On a thread of its own;
 * interrupting that stops the function. The array is not copied.
 *
 * @param id names the call
 * @param function what is called
 * @param bundles its code
 * @param arguments captured values and arguments
 * @param place where it runs
 * @param nested makes the calls that it makes
 * @param escalatedFrom machine types that it ran out of memory on before, oldest first
 */
@SuppressWarnings("ArrayRecordComponent") // Arguments are large, and runs never compared.
record LocalRun(
        String id,
        LocalFunction function,
        List<Bundle> bundles,
        byte[] arguments,
        LocalPlace place,
        NestedCalls nested,
        List<String> escalatedFrom) {
    /**
     * Runs the function, where it is short of memory on larger machine types as well.
     *
     * @throws LocalFailureException when it did not come to an end of its own
     * @throws InterruptedException when the thread was interrupted; the function is stopped
     */
    LocalEnd end(LocalLog log) throws InterruptedException, LocalFailureException {
        LocalEnd end = new LocalEnd(result(log), function, escalatedFrom);
        Optional<MachineType> larger =
                end.isOutOfMemory() && escalatedFrom.size() < function.maxEscalations()
                        ? function.nextLarger()
                        : Optional.empty();
        return larger.isEmpty() ? end : on(larger.get()).end(log);
    }

    private LocalRun on(MachineType larger) {
        List<String> from = new ArrayList<>(escalatedFrom);
        from.add(function.machineType().name());
        return new LocalRun(id, function.on(larger), bundles, arguments, place, nested, from);
    }

    private CallResult result(LocalLog log) throws InterruptedException, LocalFailureException {
        Duration longest = function.limits().queue();
        if (!place.turns().await(longest)) {
            throw new LocalFailureException(
                    FailureKind.DEADLINE_PASSED,
                    "still waiting for its turn on this machine after its queue timeout of "
                            + longest,
                    null);
        }
        try {
            return run(sandbox(log), log);
        } finally {
            place.turns().end();
        }
    }

    private PooledSandbox sandbox(LocalLog log) throws InterruptedException, LocalFailureException {
        try {
            return place.sandboxes().lend(function, bundles, log::buildLine);
        } catch (BuildFailedException e) {
            throw new LocalFailureException(
                    e.isTimedOut() ? FailureKind.BUILD_TIMEOUT : FailureKind.BUILD_FAILED,
                    e.getMessage(),
                    e);
        } catch (StartFailedException e) {
            throw new LocalFailureException(
                    e.isTimeout() ? FailureKind.START_TIMEOUT : FailureKind.START_FAILED,
                    e.getMessage(),
                    e);
        }
    }

    private CallResult run(PooledSandbox pooled, LocalLog log)
            throws InterruptedException, LocalFailureException {
        Duration timeout = function.limits().execution();
        try {
            CompletableFuture<CallResult> result = pooled.sandbox().invoke(call(), log);
            boolean inTime = endsOrStops(result, timeout, pooled);
            CallResult ended = result.join();
            pooled.release(function.keepAlive());
            if (inTime) {
                return ended;
            }
        } catch (InterruptedException | RuntimeException e) {
            pooled.discard();
            throw e;
        }
        throw new LocalFailureException(
                FailureKind.EXECUTION_TIMEOUT,
                "the function ran for more than its execution timeout of %s: raise it with timeout(…)"
                        .formatted(timeout),
                null);
    }

    private Call call() {
        return new Call(
                id,
                1 + escalatedFrom.size(),
                PayloadCodec.JAVA,
                function.entryPoint(),
                arguments,
                Blobs.DEFAULT_LIMIT,
                nested,
                ValueSink.none());
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
        if (!ends(result, place.grace())) {
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
}
