package dev.athanor.api;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * Code of two parameters with a result, as a lambda or method reference gives it.
 *
 * @param <A> type of parameter 1
 * @param <B> type of parameter 2
 * @param <R> type of the result
 */
@FunctionalInterface
public interface Function2<
                A extends @Nullable Object, B extends @Nullable Object, R extends @Nullable Object>
        extends Serializable {
    R call(A a, B b) throws Exception;
}
