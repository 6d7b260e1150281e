package dev.athanor.examples;

// region job
import static dev.athanor.api.Athanor.isolated;

import dev.athanor.api.IsolatedFunction1;
import dev.athanor.api.Job;
import java.util.Locale;

// endregion

/** A call whose result is asked for by another process. */
public final class JobExample {
    // region job
    static final IsolatedFunction1<String, String> SHOUT =
            isolated((String text) -> text.toUpperCase(Locale.ROOT));

    // endregion

    private JobExample() {}

    /** Submits a job, or prints the result of the one whose id it is given. */
    public static void main(String[] args) {
        if (args.length == 0) {
            // region job-call
            Job<String> job = SHOUT.submitJob("hello");
            System.out.println(job.id());
            // endregion
        } else {
            String id = args[0];
            // region job-result-call
            Job<String> job = SHOUT.job(id);
            System.out.println(job.status().function());
            System.out.println(job.result()); // Output: HELLO
            // endregion
        }
    }
}
