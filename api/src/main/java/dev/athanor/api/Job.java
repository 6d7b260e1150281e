package dev.athanor.api;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A call that outlives its caller: its result is kept by the cluster's dispatcher, for 7 days by
 * default, and can be asked for by whoever has its id.
 *
 * {@snippet :
 * Job<String> job = shout.submitJob("hello");
 * String id = job.id(); // keep it
 * // later, in another process
 * String result = shout.job(id).result();
 * }
 *
 * <p>What is asked for goes to the dispatcher by HTTP, at {@code ATHANOR_DISPATCHER_URL} or as
 * {@link AthanorClient.Builder#dispatcher} says. Safe for any number of threads.
 *
 * @param <R> type of the result
 */
public interface Job<R extends @Nullable Object> {
    /**
     * The job of that id on the cluster of {@link Athanor#cloud()}. A result of other classes than
     * the JDK's is read by {@link IsolatedFunction1#job} and its like, which know the function's,
     * or where they are allowed here. Nothing is asked for yet.
     *
     * @param allowedResults classes of the result that are accepted beside the JDK's, as {@link
     *     Athanor#allowResult} has them
     * @throws InvalidOptionException when that can be no id
     */
    static Job<Object> fromId(String id, String... allowedResults) {
        return CloudHost.INSTANCE.job(id, allowedResults);
    }

    /** What names it, in every process. */
    String id();

    /**
     * Where it is and how it fares.
     *
     * @throws AthanorException when the dispatcher cannot be asked, or knows no such job
     */
    JobStatus status();

    /**
     * Waits for its end.
     *
     * @return what the function returned
     * @throws AthanorException when it did not succeed, as a call would; or when the dispatcher
     *     cannot be asked, knows no such job, or keeps the result no longer
     */
    R result();

    /**
     * Waits for its end.
     *
     * @param limit for how long at most
     * @return what the function returned; empty: it has not ended, and goes on
     * @throws AthanorException as {@link #result()}
     */
    Optional<R> result(Duration limit);

    /**
     * Has it stopped, and waits a moment for that.
     *
     * @throws AthanorException when the dispatcher cannot be asked
     */
    CancelAnswer cancel();

    /** Its result once there is one. Cancelling the future ends the waiting and not the job. */
    CompletableFuture<R> resultAsync();
}
