package dev.athanor.api;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * Code of two parameters without a result, as a lambda or method reference gives it.
 *
 * @param <A> type of parameter 1
 * @param <B> type of parameter 2
 */
@FunctionalInterface
public interface Procedure2<A extends @Nullable Object, B extends @Nullable Object>
        extends Serializable {
    void run(A a, B b) throws Exception;
}
