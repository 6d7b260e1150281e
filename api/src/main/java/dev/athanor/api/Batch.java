package dev.athanor.api;

import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Many calls of a function that outlive their caller; each is a job. What has ended keeps its
 * result for 7 days by default.
 *
 * {@snippet :
 * Batch<String> batch = shout.mapJob(lines);
 * String id = batch.id(); // keep it
 * // later, in another process
 * shout.batch(id).results().forEach(result -> System.out.println(result.get()));
 * }
 *
 * <p>What is asked for goes to the dispatcher by HTTP. Safe for any number of threads; a stream of
 * results is for one.
 *
 * @param <R> type of a result
 */
public interface Batch<R extends @Nullable Object> {
    /**
     * The batch of that id on the cluster of {@link Athanor#cloud()}. Results of other classes than
     * the JDK's are read by {@link IsolatedFunction1#batch} and its like, which know the
     * function's, or where they are allowed here. Nothing is asked for yet.
     *
     * @param allowedResults classes of results that are accepted beside the JDK's, as {@link
     *     Athanor#allowResult} has them
     * @throws InvalidOptionException when that can be no id
     */
    static Batch<Object> fromId(String id, String... allowedResults) {
        return CloudHost.INSTANCE.batch(id, allowedResults);
    }

    /** What names it, in every process. */
    String id();

    /**
     * How its members fare.
     *
     * @throws AthanorException when the dispatcher cannot be asked, or knows no such batch
     */
    BatchProgress progress();

    /**
     * The results in the order of the inputs. They are read as the stream is, a page at a time,
     * which waits for those that have not ended; one that failed ends nothing. Read again, they are
     * those of the latest runs.
     *
     * @return throws {@link AthanorException} when the dispatcher cannot be asked for a minute, or
     *     knows no such batch
     */
    Stream<BatchResult<R>> results();

    /** The same about in the order in which they end, so that none waits for another one. */
    Stream<BatchResult<R>> resultsAsCompleted();

    /** The same as {@link #results()} without those of members that returned. */
    Stream<BatchResult<R>> failures();

    /**
     * Has those members run again that have failed by now; all others stay as they are. Where none
     * has, nothing happens.
     *
     * @return how they fare then
     * @throws AthanorException when the dispatcher cannot be asked, or the batch was cancelled
     */
    BatchProgress rerunFailed();

    /**
     * Has it stopped as a whole: what waits never runs, what runs is interrupted. Waits a moment
     * for that.
     *
     * @return how its members fare then; where that has not {@linkplain BatchProgress#isEnded
     *     ended}, agents were told to stop the rest
     * @throws AthanorException when the dispatcher cannot be asked
     */
    BatchProgress cancel();
}
