package dev.athanor.examples;

// region batch
import static dev.athanor.api.Athanor.isolated;

import dev.athanor.api.Batch;
import dev.athanor.api.IsolatedFunction1;
import java.util.stream.IntStream;

// endregion

/** Many calls whose results are asked for by another process. */
public final class BatchExample {
    // region batch
    static final IsolatedFunction1<Integer, Integer> INVERSE =
            isolated((Integer number) -> 100 / number);

    // endregion

    private BatchExample() {}

    /** Submits a batch, or prints what came of the one whose id it is given. */
    public static void main(String[] args) {
        if (args.length == 0) {
            // region batch-call
            Batch<Integer> batch = INVERSE.mapJob(IntStream.range(0, 5).boxed());
            System.out.println(batch.id());
            // endregion
        } else {
            String id = args[0];
            // region batch-result-call
            Batch<Integer> batch = INVERSE.batch(id);
            batch.results()
                    .filter(result -> result.failure().isEmpty())
                    .forEach(result -> System.out.println(result.index() + ": " + result.get()));
            batch.failures().forEach(result -> System.out.println(result.index() + " failed"));
            System.out.println(batch.progress().done()); // Output: 4
            // endregion
        }
    }
}
