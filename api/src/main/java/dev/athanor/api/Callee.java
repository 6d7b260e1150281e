package dev.athanor.api;

import java.io.Serializable;
import java.util.Iterator;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link Host} runs: code and its options, whatever the number of its parameters.
 *
 * <p>Immutable. Every isolated function has one of its own for its whole life, so that a host may
 * remember what it worked out about it.
 *
 * @param <R> type of the result
 */
public final class Callee<R extends @Nullable Object> {
    private final Class<?> type;
    private final Serializable function;
    private final Options options;

    Callee(Class<?> type, Serializable function, Options options) {
        this.type = type;
        this.function = Objects.requireNonNull(function, "function");
        this.options = options;
    }

    /** The functional interface that the code was given as, such as {@link Function1}. */
    public Class<?> type() {
        return type;
    }

    /** The code, an object of {@link #type()}. */
    public Serializable function() {
        return function;
    }

    /** The options that it runs with. */
    public Options options() {
        return options;
    }

    Callee<R> on(Option... further) {
        return new Callee<>(type, function, options.with(further));
    }

    R call(@Nullable Object... arguments) {
        return Waiting.await(submit(arguments), this);
    }

    CompletableFuture<R> submit(@Nullable Object... arguments) {
        try {
            return options.host().submit(this, arguments);
        } catch (AthanorException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    Stream<R> map(Iterator<@Nullable Object[]> arguments) {
        FanOut<R> results = new FanOut<>(this, arguments);
        return StreamSupport.stream(results, false).onClose(results::cancel);
    }

    /** The function's name where it has one, and else the class that it is written in. */
    @Override
    public String toString() {
        return options.name().orElseGet(() -> enclosingClass(function.getClass().getName()));
    }

    private static String enclosingClass(String className) {
        int lambda = className.indexOf("$$Lambda");
        return lambda < 0 ? className : "a function of " + className.substring(0, lambda);
    }
}
