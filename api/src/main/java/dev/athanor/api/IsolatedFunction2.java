package dev.athanor.api;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A function of two parameters that runs on another machine; see {@link IsolatedFunction1}.
 *
 * <p>Immutable, and safe for any number of threads.
 *
 * @param <A> type of parameter 1
 * @param <B> type of parameter 2
 * @param <R> type of the result
 */
public final class IsolatedFunction2<
        A extends @Nullable Object, B extends @Nullable Object, R extends @Nullable Object> {
    private final Callee<R> callee;

    IsolatedFunction2(Callee<R> callee) {
        this.callee = callee;
    }

    /**
     * Runs the function and waits for its result.
     *
     * @throws AthanorException when it did not succeed; {@link FunctionFailedException} carries
     *     what the function threw
     */
    public R call(A a, B b) {
        return callee.call(a, b);
    }

    /**
     * Sends a call and returns at once; the first call of a function may take a moment longer,
     * while its code is packed and uploaded.
     *
     * @return completes with the function's result, or exceptionally with an {@link
     *     AthanorException}; cancelling it cancels the call. Its callbacks may block.
     */
    public CompletableFuture<R> submit(A a, B b) {
        return callee.submit(a, b);
    }

    /**
     * Calls the function for the first inputs together, for the second together, and so on until
     * one of them has no more; results come in that order. See {@link IsolatedFunction1#map}.
     */
    public Stream<R> map(Iterable<? extends A> a, Iterable<? extends B> b) {
        return callee.map(Zip.of(a, b));
    }

    /**
     * Submits a call that outlives this process: its result is kept by the cluster's dispatcher,
     * and whoever has the job's id can ask for it. Returns once that is sure to happen.
     *
     * @throws AthanorException when the dispatcher did not accept it, or there is no saying whether
     *     it did
     */
    public Job<R> submitJob(A a, B b) {
        return callee.submitJob(a, b);
    }

    /**
     * Submits a job that runs at that time, or at once where it is over: it waits at the cluster's
     * dispatcher, whatever becomes of this process.
     *
     * @param at at most 7 days from now on
     * @throws AthanorException as {@link #submitJob}
     */
    public Job<R> schedule(Instant at, A a, B b) {
        return callee.schedule(at, a, b);
    }

    /** {@link #schedule(Instant, Object, Object)}, so long from now on. */
    public Job<R> schedule(Duration delay, A a, B b) {
        return callee.schedule(delay, a, b);
    }

    /**
     * Makes jobs of a call at the times that the expression says, whatever becomes of this process.
     * A schedule of that name is replaced, so that a program may make its own each time that it
     * starts.
     *
     * @throws AthanorException when the dispatcher did not accept it, or there is no saying whether
     *     it did
     */
    public Schedule schedule(Cron cron, A a, B b) {
        return callee.schedule(cron, a, b);
    }

    /** A job of this function that was submitted before, by whatever process. */
    public Job<R> job(String id) {
        return callee.job(id);
    }

    /**
     * Registers the function under a name, for callers of any language: {@link Athanor#function}.
     * It has to be a static method or a lambda that captures nothing, of parameters that JSON can
     * give.
     *
     * @param name such as {@code jokes/tell}
     * @return the version that it is from now on; the same as before, where nothing has changed
     * @throws InvalidFunctionException when it cannot be registered
     */
    public int deploy(String name) {
        return callee.deploy(name);
    }

    /**
     * Submits a batch: calls of the function for the first inputs together, for the second
     * together, and so on until one of them has no more. See {@link
     * IsolatedFunction1#mapJob(Iterable)}.
     */
    public Batch<R> mapJob(Iterable<? extends A> a, Iterable<? extends B> b) {
        return callee.mapJob(Zip.of(a, b));
    }

    /** A batch of this function that was submitted before, by whatever process. */
    public Batch<R> batch(String id) {
        return callee.batch(id);
    }

    /** The same function with further options; where one was given before, the later wins. */
    public IsolatedFunction2<A, B, R> on(Option... options) {
        return new IsolatedFunction2<>(callee.on(options));
    }

    /**
     * The same function on a host, with further options. On another kind of host, machine type and
     * keep-alive have their defaults where they are not given here.
     */
    public IsolatedFunction2<A, B, R> on(Host host, Option... options) {
        return on(Callee.hostFirst(host, options));
    }

    /** The options that it runs with. */
    public Options options() {
        return callee.options();
    }

    @Override
    public String toString() {
        return callee.toString();
    }
}
