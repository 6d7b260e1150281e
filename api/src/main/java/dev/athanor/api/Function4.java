package dev.athanor.api;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * Code of four parameters with a result, as a lambda or method reference gives it.
 *
 * @param <A> type of parameter 1
 * @param <B> type of parameter 2
 * @param <C> type of parameter 3
 * @param <D> type of parameter 4
 * @param <R> type of the result
 */
@FunctionalInterface
public interface Function4<
                A extends @Nullable Object,
                B extends @Nullable Object,
                C extends @Nullable Object,
                D extends @Nullable Object,
                R extends @Nullable Object>
        extends Serializable {
    R call(A a, B b, C c, D d) throws Exception;
}
