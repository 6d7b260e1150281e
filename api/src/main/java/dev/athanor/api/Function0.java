package dev.athanor.api;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * Code of no parameters with a result, as a lambda or method reference gives it.
 *
 * @param <R> type of the result
 */
@FunctionalInterface
public interface Function0<R extends @Nullable Object> extends Serializable {
    R call() throws Exception;
}
