package dev.athanor.examples;

// region cached
import static dev.athanor.api.Athanor.cached;
import static dev.athanor.api.Athanor.isolated;

import dev.athanor.api.Function0;
import dev.athanor.api.IsolatedFunction;
import java.util.concurrent.TimeUnit;

// endregion

/** A value that is computed once in the life of an environment. */
public final class CachedExample {
    // region cached
    static final Function0<String> MY_CACHED_FUNCTION = cached(CachedExample::greeting);

    static String greeting() throws InterruptedException {
        // Simulate a time-consuming calculation
        TimeUnit.SECONDS.sleep(2);
        return "Hello, World!";
    }

    static final IsolatedFunction<String> MY_ISOLATED_FUNCTION =
            isolated(() -> "The result is: " + MY_CACHED_FUNCTION.call());

    // endregion

    private CachedExample() {}

    public static void main(String[] args) {
        long start = System.nanoTime();
        // region cached-call
        // Call the isolated function multiple times
        String result1 = MY_ISOLATED_FUNCTION.call(); // Takes more than 2 seconds
        // endregion
        long computed = System.nanoTime();
        // region cached-call
        String result2 = MY_ISOLATED_FUNCTION.call(); // Almost instant
        // endregion
        long cached = System.nanoTime();

        // region cached-call
        System.out.println(result1); // Output: "The result is: Hello, World!"
        System.out.println(result2); // Output: "The result is: Hello, World!"
        // endregion
        System.out.printf(
                "The second was there %,d times faster.%n",
                (computed - start) / Math.max(1, cached - computed));
    }
}
