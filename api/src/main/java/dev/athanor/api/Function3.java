package dev.athanor.api;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * Code of three parameters with a result, as a lambda or method reference gives it.
 *
 * @param <A> type of parameter 1
 * @param <B> type of parameter 2
 * @param <C> type of parameter 3
 * @param <R> type of the result
 */
@FunctionalInterface
public interface Function3<
                A extends @Nullable Object,
                B extends @Nullable Object,
                C extends @Nullable Object,
                R extends @Nullable Object>
        extends Serializable {
    R call(A a, B b, C c) throws Exception;
}
