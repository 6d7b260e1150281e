package dev.athanor.api;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * Code of one parameter without a result, as a lambda or method reference gives it.
 *
 * @param <A> type of parameter 1
 */
@FunctionalInterface
public interface Procedure1<A extends @Nullable Object> extends Serializable {
    void run(A a) throws Exception;
}
