package dev.athanor.examples;

// region nested
import static dev.athanor.api.Athanor.M;
import static dev.athanor.api.Athanor.isolated;
import static dev.athanor.api.Athanor.machineType;

import dev.athanor.api.IsolatedFunction1;
import java.util.List;

// endregion

/** A function that calls another one. */
public final class NestedExample {
    // region nested
    static final IsolatedFunction1<String, Integer> COUNT_WORDS =
            isolated((String text) -> text.split(" ").length);

    static int countAll(List<String> texts) {
        return COUNT_WORDS.map(texts).mapToInt(Integer::intValue).sum();
    }

    static final IsolatedFunction1<List<String>, Integer> COUNT_ALL =
            isolated(NestedExample::countAll, machineType(M));

    // endregion

    private NestedExample() {}

    public static void main(String[] args) {
        // region nested-call
        System.out.println(COUNT_ALL.call(List.of("to be", "or not to be"))); // Output: "6"
        // endregion
    }
}
