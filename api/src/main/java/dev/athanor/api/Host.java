package dev.athanor.api;

import java.lang.reflect.Method;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Where isolated functions run.
 *
 * <p>{@link Athanor#cloud()} and {@link Athanor#local()} are those that callers use. Tests of code
 * that calls isolated functions can give their own, for instance one that runs the function at
 * once:
 *
 * {@snippet :
 * Host here = new Host() {
 *     public <R> CompletableFuture<R> submit(Callee<R> callee, Object... arguments) { ... }
 * };
 * shout.on(host(here)).call("hello");
 * }
 *
 * <p>Safe for any number of threads.
 */
public interface Host extends AutoCloseable {
    /**
     * Starts a call. Arguments are read before this returns: what its caller does to them later is
     * not seen by the function.
     *
     * @return completes with the result, or exceptionally with an {@link AthanorException};
     *     cancelling it asks for the call to be stopped
     * @throws AthanorException when the call cannot even be started
     */
    <R extends @Nullable Object> CompletableFuture<R> submit(
            Callee<R> callee, @Nullable Object... arguments);

    /**
     * Submits a call that outlives its caller. Arguments are read before this returns.
     *
     * @throws InvalidFunctionException when this host keeps no jobs, which is the default
     * @throws AthanorException when the job was not accepted, or there is no saying
     */
    default <R extends @Nullable Object> Job<R> submitJob(
            Callee<R> callee, @Nullable Object... arguments) {
        throw keepsNoJobs();
    }

    /**
     * A job of that code, whoever submitted it. Nothing is asked for yet.
     *
     * @throws InvalidFunctionException when this host keeps no jobs, which is the default
     */
    default <R extends @Nullable Object> Job<R> job(Callee<R> callee, String id) {
        throw keepsNoJobs();
    }

    /**
     * A job of whatever code. Nothing is asked for yet.
     *
     * @param allowedResults classes of the result that are accepted beside the JDK's, as {@link
     *     Athanor#allowResult} has them
     * @throws InvalidFunctionException when this host keeps no jobs, which is the default
     */
    default Job<Object> job(String id, String... allowedResults) {
        throw keepsNoJobs();
    }

    /**
     * Submits a call of a registered function.
     *
     * @throws InvalidFunctionException when this host keeps no functions, which is the default; or
     *     when the arguments do not fit
     * @throws AthanorException when the call was not accepted, or there is no saying
     */
    default <R extends @Nullable Object> Job<R> submitJob(
            RegisteredFunction<R> function, @Nullable Object... arguments) {
        throw keepsNoJobs();
    }

    /**
     * Submits a batch of calls that outlives its caller. Arguments are read one after the other,
     * before this returns.
     *
     * @throws InvalidFunctionException when this host keeps no jobs, which is the default
     * @throws AthanorException when the batch was not accepted, or there is no saying
     */
    default <R extends @Nullable Object> Batch<R> mapJob(
            Callee<R> callee, Iterator<@Nullable Object[]> arguments) {
        throw keepsNoJobs();
    }

    /**
     * A call of a registered function that was submitted before. Nothing is asked for yet.
     *
     * @throws InvalidFunctionException when this host keeps no functions, which is the default
     */
    default <R extends @Nullable Object> Job<R> job(RegisteredFunction<R> function, String id) {
        throw keepsNoJobs();
    }

    /**
     * A batch of that code, whoever submitted it. Nothing is asked for yet.
     *
     * @throws InvalidFunctionException when this host keeps no jobs, which is the default
     */
    default <R extends @Nullable Object> Batch<R> batch(Callee<R> callee, String id) {
        throw keepsNoJobs();
    }

    /**
     * Registers a method under a name, as the new current version of what has that name.
     *
     * @param method a static one
     * @return the version; that of the current one, where it is just that
     * @throws InvalidFunctionException when this host keeps no functions, which is the default; or
     *     when the method is none that can be called with JSON
     */
    default int deploy(String name, Method method, Options options) {
        throw keepsNoJobs();
    }

    /**
     * A batch of whatever code. Nothing is asked for yet.
     *
     * @param allowedResults as for {@link #job(String, String...)}
     * @throws InvalidFunctionException when this host keeps no jobs, which is the default
     */
    default Batch<Object> batch(String id, String... allowedResults) {
        throw keepsNoJobs();
    }

    /**
     * {@link #submitJob}, to be run at that time; at once where it is over.
     *
     * @throws InvalidFunctionException when this host keeps no jobs, which is the default
     */
    default <R extends @Nullable Object> Job<R> schedule(
            Callee<R> callee, Instant at, @Nullable Object... arguments) {
        throw keepsNoJobs();
    }

    /**
     * {@link #submitJob}, to be run so long from now on.
     *
     * @throws InvalidFunctionException when this host keeps no jobs, which is the default
     */
    default <R extends @Nullable Object> Job<R> schedule(
            Callee<R> callee, Duration delay, @Nullable Object... arguments) {
        throw keepsNoJobs();
    }

    /**
     * Makes jobs of a call at the times that the expression says, in place of a schedule of that
     * name. Arguments are read before this returns.
     *
     * @throws InvalidFunctionException when this host keeps no jobs, which is the default
     */
    default Schedule schedule(Callee<?> callee, Cron cron, @Nullable Object... arguments) {
        throw keepsNoJobs();
    }

    /**
     * The schedule of that name. Nothing is asked for yet.
     *
     * @throws InvalidFunctionException when this host keeps no jobs, which is the default
     */
    default Schedule schedule(String name) {
        throw keepsNoJobs();
    }

    private InvalidFunctionException keepsNoJobs() {
        return new InvalidFunctionException(
                "jobs are kept by the dispatcher of a cluster, and not by " + this);
    }

    /**
     * Ends calls under way with {@link CancelledCallException}. Closing twice does nothing more.
     */
    @Override
    default void close() {}
}
