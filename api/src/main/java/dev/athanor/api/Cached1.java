package dev.athanor.api;

import org.jspecify.annotations.Nullable;

/** Code of one parameter that computes each of its values once. */
record Cached1<A extends @Nullable Object, R extends @Nullable Object>(
        CachedCode cache, Function1<A, R> code) implements Function1<A, R> {
    @Override
    public R call(A a) throws Exception {
        return cache.get(() -> code.call(a), a);
    }
}
