package dev.athanor.api.internal.local;

import dev.athanor.api.CancelledCallException;
import dev.athanor.api.internal.call.CallFuture;
import dev.athanor.api.internal.call.Failed;
import dev.athanor.api.internal.call.Handover;
import dev.athanor.api.internal.call.PackedCall;
import dev.athanor.environment.outcome.CallFailure;
import dev.athanor.environment.sandbox.CallResult;
import dev.athanor.runtime.protocol.FailureKind;
import org.jspecify.annotations.Nullable;

/**
 * A call that the caller makes on this machine. Runs on a thread of its own; interrupting that
 * stops the call.
 */
final class LocalCall<R extends @Nullable Object> implements Runnable {
    private final PackedCall packed;
    private final LocalRun run;
    private final Handover<R> handover;
    private final CallerLog log;

    LocalCall(PackedCall packed, LocalRun run, Handover<R> handover, CallerLog log) {
        this.packed = packed;
        this.run = run;
        this.handover = handover;
        this.log = log;
    }

    CallFuture<R> future() {
        return handover.future();
    }

    @Override
    public void run() {
        try {
            finish(run.end(log));
        } catch (LocalFailureException e) {
            fail(e.failure());
        } catch (InterruptedException e) {
            cancel("was cancelled");
        } catch (RuntimeException | Error e) {
            fail(CallFailure.of(FailureKind.START_FAILED, "could not be run here: " + e));
        }
    }

    /** Ends it for its caller, whatever it still does. */
    void cancel(String why) {
        handover.fail(new CancelledCallException(name() + " " + why));
    }

    private void finish(LocalEnd end) {
        log.escalated(end.escalatedFrom());
        log.end(end.result().droppedLogLines());
        if (end.result() instanceof CallResult.Succeeded succeeded) {
            handover.complete(() -> value(succeeded));
        } else {
            fail(end.failure());
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
                        failure.kind(),
                        failure.message(),
                        failure.throwables(),
                        () -> original == null ? null : read(original),
                        failure.largerMachineType());
        handover.complete(() -> {
            throw failed.toException(name());
        });
    }

    private String name() {
        return packed.function().name();
    }
}
