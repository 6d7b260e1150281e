package dev.athanor.api;

import org.jspecify.annotations.Nullable;

/** Code of four parameters that computes each of its values once. */
record Cached4<
                A extends @Nullable Object,
                B extends @Nullable Object,
                C extends @Nullable Object,
                D extends @Nullable Object,
                R extends @Nullable Object>(
        CachedCode cache, Function4<A, B, C, D, R> code) implements Function4<A, B, C, D, R> {
    @Override
    public R call(A a, B b, C c, D d) throws Exception {
        return cache.get(() -> code.call(a, b, c, d), a, b, c, d);
    }
}
