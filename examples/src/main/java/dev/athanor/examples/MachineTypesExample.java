package dev.athanor.examples;

// region machine-type
import static dev.athanor.api.Athanor.L;
import static dev.athanor.api.Athanor.M;
import static dev.athanor.api.Athanor.isolated;
import static dev.athanor.api.Athanor.machineType;
import static dev.athanor.api.Athanor.whenUnserved;
import static dev.athanor.api.WhenUnserved.FAIL;

import dev.athanor.api.Isolated;
import dev.athanor.api.IsolatedFunction;
import net.datafaker.Faker;

// endregion

/** One function on machines of two sizes. */
public final class MachineTypesExample {
    // region machine-type
    @Isolated(requirements = "net.datafaker:datafaker:2.4.4", machineType = M)
    static String joke() {
        return new Faker().chuckNorris().fact();
    }

    static final IsolatedFunction<String> MY_FUNCTION = isolated(MachineTypesExample::joke);

    // endregion

    // region machine-type-on
    static final IsolatedFunction<String> MY_FUNCTION_L = MY_FUNCTION.on(machineType(L));

    // endregion

    // region when-unserved
    static final IsolatedFunction<String> MY_FUNCTION_OR_NONE = MY_FUNCTION.on(whenUnserved(FAIL));

    // endregion

    private MachineTypesExample() {}

    public static void main(String[] args) {
        // region machine-type-call
        MY_FUNCTION.call(); // executed on machine type `M`
        MY_FUNCTION_L.call(); // same as MY_FUNCTION but executed on machine type `L`
        // endregion
    }
}
