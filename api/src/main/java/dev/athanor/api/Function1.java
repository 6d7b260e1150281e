package dev.athanor.api;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * Code of one parameter with a result, as a lambda or method reference gives it.
 *
 * @param <A> type of parameter 1
 * @param <R> type of the result
 */
@FunctionalInterface
public interface Function1<A extends @Nullable Object, R extends @Nullable Object>
        extends Serializable {
    R call(A a) throws Exception;
}
