package dev.athanor.api;

import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A function of one parameter that runs on another machine.
 *
 * {@snippet :
 * var shout = isolated(Text::shout, requirements("org.apache.commons:commons-text:1.13.0"));
 * shout.call("hello");
 * shout.submit("hello").thenAccept(System.out::println);
 * shout.map(lines).forEach(System.out::println);
 * }
 *
 * <p>Immutable, and safe for any number of threads.
 *
 * @param <A> type of the parameter
 * @param <R> type of the result
 */
public final class IsolatedFunction1<A extends @Nullable Object, R extends @Nullable Object> {
    private final Callee<R> callee;

    IsolatedFunction1(Callee<R> callee) {
        this.callee = callee;
    }

    /**
     * Runs the function and waits for its result.
     *
     * @throws AthanorException when it did not succeed; {@link FunctionFailedException} carries
     *     what the function threw
     */
    public R call(A a) {
        return callee.call(a);
    }

    /**
     * Sends a call and returns at once; the first call of a function may take a moment longer,
     * while its code is packed and uploaded.
     *
     * @return completes with the function's result, or exceptionally with an {@link
     *     AthanorException}; cancelling it cancels the call. Its callbacks may block.
     */
    public CompletableFuture<R> submit(A a) {
        return callee.submit(a);
    }

    /**
     * Calls the function for every input and gives the results in the order of the inputs.
     *
     * <p>Inputs are read as room for them appears: at most {@link Options#maxInFlight()} calls are
     * under way or wait for their result to be taken. The first failure ends the stream with its
     * exception and cancels the calls under way. Close a stream that is not read to its end, so
     * that the rest is cancelled:
     *
     * {@snippet :
     * try (Stream<String> shouts = shout.map(lines)) {
     *     return shouts.filter(line -> line.contains("!")).findFirst();
     * }
     * }
     *
     * @param a inputs, read once; {@code stream::iterator} makes them of a stream
     */
    public Stream<R> map(Iterable<? extends A> a) {
        return callee.map(Zip.of(a));
    }

    /**
     * Submits a call that outlives this process: its result is kept by the cluster's dispatcher,
     * and whoever has the job's id can ask for it. Returns once that is sure to happen.
     *
     * @throws AthanorException when the dispatcher did not accept it, or there is no saying whether
     *     it did
     */
    public Job<R> submitJob(A a) {
        return callee.submitJob(a);
    }

    /**
     * Submits a job that runs at that time, or at once where it is over: it waits at the cluster's
     * dispatcher, whatever becomes of this process.
     *
     * @param at at most 7 days from now on
     * @throws AthanorException as {@link #submitJob}
     */
    public Job<R> schedule(Instant at, A a) {
        return callee.schedule(at, a);
    }

    /** {@link #schedule(Instant, Object)}, so long from now on. */
    public Job<R> schedule(Duration delay, A a) {
        return callee.schedule(delay, a);
    }

    /**
     * Makes jobs of a call at the times that the expression says, whatever becomes of this process.
     * A schedule of that name is replaced, so that a program may make its own each time that it
     * starts.
     *
     * @throws AthanorException when the dispatcher did not accept it, or there is no saying whether
     *     it did
     */
    public Schedule schedule(Cron cron, A a) {
        return callee.schedule(cron, a);
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
     * Submits a batch: a call of the function for every input, which outlive this process as jobs
     * do. Inputs are read once, and sent to the cluster's dispatcher as they are read, so there may
     * be up to 1,000,000 of them; it keeps them, and queues a few at a time, so that a batch stands
     * in nobody's way. Returns once all are kept. When this throws, none of them runs.
     *
     * @throws QueueFullException when as many batches are under way as may be
     * @throws AthanorException when the dispatcher did not accept it, or there is no saying whether
     *     it did
     */
    public Batch<R> mapJob(Iterable<? extends A> a) {
        return callee.mapJob(Zip.of(a));
    }

    /** The same for the elements of a stream, which is read and not closed. */
    public Batch<R> mapJob(Stream<? extends A> a) {
        return mapJob(a.iterator());
    }

    /** The same for what an iterator has left. */
    public Batch<R> mapJob(Iterator<? extends A> a) {
        return callee.mapJob(Zip.of(a));
    }

    /** A batch of this function that was submitted before, by whatever process. */
    public Batch<R> batch(String id) {
        return callee.batch(id);
    }

    /** The same function with further options; where one was given before, the later wins. */
    public IsolatedFunction1<A, R> on(Option... options) {
        return new IsolatedFunction1<>(callee.on(options));
    }

    /**
     * The same function on a host, with further options. On another kind of host, machine type and
     * keep-alive have their defaults where they are not given here.
     */
    public IsolatedFunction1<A, R> on(Host host, Option... options) {
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
