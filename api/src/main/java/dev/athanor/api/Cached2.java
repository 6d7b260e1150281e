package dev.athanor.api;

import org.jspecify.annotations.Nullable;

/** Code of two parameters that computes each of its values once. */
record Cached2<A extends @Nullable Object, B extends @Nullable Object, R extends @Nullable Object>(
        CachedCode cache, Function2<A, B, R> code) implements Function2<A, B, R> {
    @Override
    public R call(A a, B b) throws Exception {
        return cache.get(() -> code.call(a, b), a, b);
    }
}
