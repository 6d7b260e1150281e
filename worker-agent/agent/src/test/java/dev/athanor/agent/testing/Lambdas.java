package dev.athanor.agent.testing;

import static dev.athanor.api.Athanor.isolated;

import dev.athanor.api.IsolatedFunction;
import dev.athanor.api.IsolatedFunction1;
import dev.athanor.api.Option;
import java.util.List;

/** Functions given as lambdas, in a class that is initialized in a sandbox as well as here. */
public final class Lambdas {
    private Lambdas() {}

    public static IsolatedFunction<String> hello(Option... options) {
        return isolated(() -> "Hello World", options);
    }

    public static IsolatedFunction1<String, String> appending(
            List<String> captured, Option... options) {
        return isolated((String last) -> captured + last, options);
    }
}
