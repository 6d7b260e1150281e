package dev.athanor.api;

import java.util.Iterator;
import java.util.Queue;
import java.util.Spliterator;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Results of many calls in the order of their arguments. Read by one thread; {@link #cancel()} may
 * come from any.
 */
final class FanOut<R extends @Nullable Object> implements Spliterator<R> {
    private final Callee<R> callee;
    private final Iterator<@Nullable Object[]> arguments;
    private final int maxInFlight;
    private final Queue<CompletableFuture<R>> inFlight = new ConcurrentLinkedQueue<>();
    private int size;
    private volatile boolean cancelled;

    FanOut(Callee<R> callee, Iterator<@Nullable Object[]> arguments) {
        this.callee = callee;
        this.arguments = arguments;
        this.maxInFlight = callee.options().maxInFlight();
    }

    @Override
    public boolean tryAdvance(Consumer<? super R> action) {
        R result;
        try {
            fill();
            CompletableFuture<R> next = inFlight.peek();
            if (next == null) {
                return false;
            }
            result = Waiting.await(next, callee);
            inFlight.poll();
            size--;
        } catch (CallerWaitException e) {
            // Its calls go on, as those of call() do.
            throw e;
        } catch (RuntimeException | Error e) {
            cancel();
            throw e;
        }
        action.accept(result);
        return true;
    }

    private void fill() {
        while (!cancelled && size < maxInFlight && arguments.hasNext()) {
            inFlight.add(callee.submit(arguments.next()));
            size++;
        }
        if (cancelled) {
            cancel();
        }
    }

    void cancel() {
        cancelled = true;
        inFlight.forEach(call -> call.cancel(false));
        inFlight.clear();
    }

    /** Not split: results are taken in order, and taking one may wait. */
    @Override
    public @Nullable Spliterator<R> trySplit() {
        return null;
    }

    @Override
    public long estimateSize() {
        return Long.MAX_VALUE;
    }

    @Override
    public int characteristics() {
        return ORDERED;
    }
}
