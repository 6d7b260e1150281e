package dev.athanor.examples;

// region memory
import static dev.athanor.api.Athanor.escalate;
import static dev.athanor.api.Athanor.isolated;
import static dev.athanor.api.Athanor.onOutOfMemory;

import dev.athanor.api.IsolatedFunction1;

// endregion

/** A function that moves to a larger machine type when its own is too small. */
public final class MemoryExample {
    // region memory
    static int hold(int megabytes) {
        return new byte[megabytes << 20].length;
    }

    static final IsolatedFunction1<Integer, Integer> MY_FUNCTION =
            isolated(MemoryExample::hold, onOutOfMemory(escalate()));

    // endregion

    private MemoryExample() {}

    public static void main(String[] args) {
        // region memory-call
        MY_FUNCTION.call(10); // executed on machine type `XS`
        MY_FUNCTION.call(400); // runs out of memory there and is executed on machine type `S`
        // endregion
    }
}
