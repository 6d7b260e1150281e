package dev.athanor.api;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Waits for results on the caller's own thread. */
final class Waiting {
    private Waiting() {}

    /**
     * The future's result; its exception is thrown unwrapped, with the stack trace of this thread.
     */
    static <R extends @Nullable Object> R await(CompletableFuture<R> future, Callee<R> callee) {
        Optional<Duration> limit = callee.options().waitAtMost();
        try {
            return limit.isPresent()
                    ? future.get(limit.get().toMillis(), TimeUnit.MILLISECONDS)
                    : future.get();
        } catch (TimeoutException e) {
            throw new CallerWaitException(
                    "%s did not end within waitAtMost(%s); it goes on"
                            .formatted(callee, Legal.text(limit.orElseThrow())),
                    e);
        } catch (InterruptedException e) {
            future.cancel(false);
            Thread.currentThread().interrupt();
            throw new CancelledCallException(
                    "interrupted while waiting for %s, which is cancelled".formatted(callee), e);
        } catch (CancellationException e) {
            throw new CancelledCallException("%s was cancelled".formatted(callee), e);
        } catch (ExecutionException e) {
            throw failure(e.getCause() == null ? e : e.getCause(), callee);
        }
    }

    private static AthanorException failure(Throwable cause, Callee<?> callee) {
        if (cause instanceof AthanorException known) {
            known.fillInStackTrace();
            return known;
        }
        return new FunctionFailedException("%s failed: %s".formatted(callee, cause), cause);
    }
}
