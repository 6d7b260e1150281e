package dev.athanor.examples;

// region isolated
import static dev.athanor.api.Athanor.isolated;

import dev.athanor.api.IsolatedFunction;

// endregion

/** A function that runs elsewhere. */
public final class IsolatedExample {
    // region isolated
    static String hello() {
        return "Hello World";
    }

    static final IsolatedFunction<String> MY_FUNCTION = isolated(IsolatedExample::hello);

    // endregion

    private IsolatedExample() {}

    public static void main(String[] args) {
        // region isolated-call
        System.out.println(MY_FUNCTION.call()); // Output: Hello World
        // endregion
    }
}
