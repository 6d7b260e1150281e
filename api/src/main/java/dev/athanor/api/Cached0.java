package dev.athanor.api;

import org.jspecify.annotations.Nullable;

/** Code of no parameters that computes each of its values once. */
record Cached0<R extends @Nullable Object>(CachedCode cache, Function0<R> code)
        implements Function0<R> {
    @Override
    public R call() throws Exception {
        return cache.get(() -> code.call());
    }
}
