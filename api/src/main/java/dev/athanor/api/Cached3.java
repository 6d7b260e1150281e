package dev.athanor.api;

import org.jspecify.annotations.Nullable;

/** Code of three parameters that computes each of its values once. */
record Cached3<
                A extends @Nullable Object,
                B extends @Nullable Object,
                C extends @Nullable Object,
                R extends @Nullable Object>(
        CachedCode cache, Function3<A, B, C, R> code) implements Function3<A, B, C, R> {
    @Override
    public R call(A a, B b, C c) throws Exception {
        return cache.get(() -> code.call(a, b, c), a, b, c);
    }
}
