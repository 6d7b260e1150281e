package dev.athanor.api;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A function that was deployed to a cluster under a name, from whatever language:
 *
 * {@snippet :
 * RegisteredFunction<String> tell = Athanor.function("jokes/tell", String.class);
 * String joke = tell.call("World");
 * Job<String> job = tell.submitJob("World");
 * }
 *
 * <p>Its code need not be here. Arguments and results travel in JSON: null, booleans, numbers,
 * strings, enums, records, optionals, arrays, lists, sets, maps, dates and times. Arguments that do
 * not fit what it takes are refused with {@link InvalidFunctionException} before it is queued. It
 * runs with the options that it was deployed with.
 *
 * <p>Immutable, and safe for any number of threads.
 *
 * @param <R> type of the result
 */
public final class RegisteredFunction<R extends @Nullable Object> {
    private final Host host;
    private final String name;
    private final Class<? extends Object> resultType;
    private final OptionalInt version;
    private final Optional<String> idempotencyKey;

    private RegisteredFunction(
            Host host,
            String name,
            Class<? extends Object> resultType,
            OptionalInt version,
            Optional<String> idempotencyKey) {
        this.host = host;
        this.name = name;
        this.resultType = resultType;
        this.version = version;
        this.idempotencyKey = idempotencyKey;
    }

    /**
     * The function of that name on a host.
     *
     * @throws InvalidOptionException when it can be none
     */
    static <R> RegisteredFunction<R> of(Host host, String name, Class<R> resultType) {
        Setting.FUNCTION_NAME.to(name);
        return new RegisteredFunction<>(
                host, name, resultType, OptionalInt.empty(), Optional.empty());
    }

    /**
     * Calls it and waits for its result. When the waiting thread is interrupted, the call is
     * cancelled.
     *
     * @param arguments by position
     * @throws AthanorException when it did not succeed; {@link FunctionFailedException} carries
     *     what the function threw
     */
    public R call(@Nullable Object... arguments) {
        Job<R> job = submitJob(arguments);
        try {
            return job.result();
        } catch (CancelledCallException e) {
            if (Thread.interrupted()) {
                job.cancel();
                Thread.currentThread().interrupt();
            }
            throw e;
        }
    }

    /**
     * As {@link #call}, without waiting. Cancelling the future ends the waiting and not the call.
     */
    public CompletableFuture<R> submit(@Nullable Object... arguments) {
        try {
            Job<R> job = submitJob(arguments);
            return job.resultAsync();
        } catch (AthanorException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /**
     * Submits a call that outlives this process. Returns once it is sure to run.
     *
     * @throws AthanorException when the dispatcher did not accept it, or there is no saying
     */
    public Job<R> submitJob(@Nullable Object... arguments) {
        return host.submitJob(this, arguments);
    }

    /** A call of this function that was submitted before, by whatever process. */
    public Job<R> job(String id) {
        return host.job(this, id);
    }

    /** The same function as of one of its versions, which never change. */
    public RegisteredFunction<R> version(int number) {
        Setting.FUNCTION_VERSION.to(number);
        return new RegisteredFunction<>(
                host, name, resultType, OptionalInt.of(number), idempotencyKey);
    }

    /**
     * The same function for a call that is one job however often it is submitted, as {@link
     * Athanor#idempotencyKey} says.
     */
    public RegisteredFunction<R> underKey(String key) {
        Setting.IDEMPOTENCY_KEY.to(Optional.of(key));
        return new RegisteredFunction<>(host, name, resultType, version, Optional.of(key));
    }

    /** What it is registered under. */
    public String name() {
        return name;
    }

    /** What its result is read as. */
    public Class<? extends Object> resultType() {
        return resultType;
    }

    /** Empty: the one that is current when it is called. */
    public OptionalInt version() {
        return version;
    }

    /** Empty: each call is a new one. */
    public Optional<String> idempotencyKey() {
        return idempotencyKey;
    }

    @Override
    public String toString() {
        return name + (version.isPresent() ? " version " + version.getAsInt() : "");
    }
}
