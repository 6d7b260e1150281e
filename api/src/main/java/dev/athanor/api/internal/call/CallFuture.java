package dev.athanor.api.internal.call;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A call's result; cancelling it asks for the call to be stopped. */
public final class CallFuture<R extends @Nullable Object> extends CompletableFuture<R> {
    private volatile Runnable onCancel = () -> {};

    /** What cancelling does beside; the last one set counts. */
    public void onCancel(Runnable action) {
        onCancel = action;
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        boolean cancelledNow = !isDone() && super.cancel(mayInterruptIfRunning);
        if (cancelledNow) {
            onCancel.run();
        }
        return isCancelled();
    }
}
