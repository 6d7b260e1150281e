package dev.athanor.api;

import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How a member of a batch ended. Immutable but for what its result is; safe for any number of
 * threads.
 *
 * @param <R> type of the result
 */
public final class BatchResult<R extends @Nullable Object> {
    private final int index;
    private final Supplier<R> result;
    private final Optional<AthanorException> failure;

    private BatchResult(int index, Supplier<R> result, Optional<AthanorException> failure) {
        this.index = index;
        this.result = result;
        this.failure = failure;
    }

    /** Of a member that returned. */
    public static <R extends @Nullable Object> BatchResult<R> of(int index, R result) {
        return new BatchResult<>(index, () -> result, Optional.empty());
    }

    /** Of a member that did not succeed, as a call would fail. */
    public static <R extends @Nullable Object> BatchResult<R> failed(
            int index, AthanorException failure) {
        return new BatchResult<>(
                index,
                () -> {
                    throw failure;
                },
                Optional.of(failure));
    }

    /** Which of the inputs it was called with, from 0. */
    public int index() {
        return index;
    }

    /**
     * What the function returned.
     *
     * @throws AthanorException when it did not succeed
     */
    public R get() {
        return result.get();
    }

    /** Why it did not succeed; empty: it did. */
    public Optional<AthanorException> failure() {
        return failure;
    }

    @Override
    public String toString() {
        return failure.map(reason -> "%d: %s".formatted(index, reason))
                .orElseGet(() -> "%d: %s".formatted(index, result.get()));
    }
}
