package dev.athanor.api;

import java.io.IOException;
import java.io.Serializable;
import java.lang.invoke.SerializedLambda;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
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
    private final Optional<SerializedLambda> lambda;
    private final Options options;

    private Callee(
            Class<?> type,
            Serializable function,
            Optional<SerializedLambda> lambda,
            Options options) {
        this.type = type;
        this.function = function;
        this.lambda = lambda;
        this.options = options;
        Contradictions.check(options);
    }

    /**
     * Code with the options of its annotation and those given, which win.
     *
     * @throws InvalidFunctionException when the object keeps its code from being told
     * @throws InvalidOptionException when options contradict each other
     */
    static <R extends @Nullable Object> Callee<R> of(
            Class<?> type, Serializable function, Option... options) {
        Objects.requireNonNull(function, "function");
        Optional<SerializedLambda> lambda = lambda(function, options);
        List<Option> annotated =
                AnnotatedMethod.find(type, function, lambda)
                        .map(AnnotatedOptions::of)
                        .orElse(List.of());
        return new Callee<>(
                type,
                function,
                lambda,
                Options.DEFAULTS.with(annotated.toArray(Option[]::new)).with(options));
    }

    private static Optional<SerializedLambda> lambda(Serializable function, Option... options) {
        try {
            return LambdaReader.read(function);
        } catch (IOException | RuntimeException e) {
            throw new InvalidFunctionException(
                    "%s cannot be read: %s"
                            .formatted(
                                    describe(function, Options.DEFAULTS.with(options)),
                                    e.getMessage()),
                    e);
        }
    }

    /** The functional interface that the code was given as, such as {@link Function1}. */
    public Class<?> type() {
        return type;
    }

    /** The code, an object of {@link #type()}. */
    public Serializable function() {
        return function;
    }

    /** What the code is where it is a lambda or method reference; empty for other objects. */
    public Optional<SerializedLambda> lambda() {
        return lambda;
    }

    /** The options that it runs with. */
    public Options options() {
        return options;
    }

    /** An option for the host, before those given. */
    static Option[] hostFirst(Host host, Option... options) {
        Option[] all = new Option[options.length + 1];
        all[0] = Athanor.host(host);
        System.arraycopy(options, 0, all, 1, options.length);
        return all;
    }

    Callee<R> on(Option... further) {
        return new Callee<>(type, function, lambda, options.on(further));
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

    Job<R> submitJob(@Nullable Object... arguments) {
        return options.host().submitJob(this, arguments);
    }

    int deploy(String name) {
        Setting.FUNCTION_NAME.to(name);
        return options.host().deploy(name, DeployableMethod.of(this), options);
    }

    Job<R> schedule(Instant at, @Nullable Object... arguments) {
        return options.host().schedule(this, at, arguments);
    }

    Job<R> schedule(Duration delay, @Nullable Object... arguments) {
        return options.host().schedule(this, delay, arguments);
    }

    Schedule schedule(Cron cron, @Nullable Object... arguments) {
        return options.host().schedule(this, cron, arguments);
    }

    Job<R> job(String id) {
        return options.host().job(this, id);
    }

    Batch<R> mapJob(Iterator<@Nullable Object[]> arguments) {
        return options.host().mapJob(this, arguments);
    }

    Batch<R> batch(String id) {
        return options.host().batch(this, id);
    }

    Stream<R> map(Iterator<@Nullable Object[]> arguments) {
        FanOut<R> results = new FanOut<>(this, arguments);
        return StreamSupport.stream(results, false).onClose(results::cancel);
    }

    /** The function's name where it has one, and else the class that it is written in. */
    @Override
    public String toString() {
        return describe(function, options);
    }

    private static String describe(Serializable function, Options options) {
        return options.name().orElseGet(() -> enclosingClass(function.getClass().getName()));
    }

    private static String enclosingClass(String className) {
        int lambda = className.indexOf("$$Lambda");
        return lambda < 0 ? className : "a function of " + className.substring(0, lambda);
    }
}
