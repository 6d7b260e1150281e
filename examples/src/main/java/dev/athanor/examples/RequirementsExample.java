package dev.athanor.examples;

// region requirements
import static dev.athanor.api.Athanor.isolated;
import static dev.athanor.api.Athanor.requirements;

import dev.athanor.api.IsolatedFunction;
import net.datafaker.Faker;

// endregion

/** A function that needs a library. */
public final class RequirementsExample {
    // region requirements
    static String joke() {
        return new Faker().chuckNorris().fact();
    }

    static final IsolatedFunction<String> MY_FUNCTION =
            isolated(RequirementsExample::joke, requirements("net.datafaker:datafaker:2.4.4"));

    // endregion

    private RequirementsExample() {}

    public static void main(String[] args) {
        System.out.println(MY_FUNCTION.call());
    }
}
