package dev.athanor.examples;

import static dev.athanor.api.Athanor.M;
import static dev.athanor.api.Athanor.cloud;
import static dev.athanor.api.Athanor.isolated;
import static dev.athanor.api.Athanor.local;
import static dev.athanor.api.Athanor.machineType;

import dev.athanor.api.Isolated;
import dev.athanor.api.Isolated.Place;
import dev.athanor.api.IsolatedFunction;
import net.datafaker.Faker;

/** Functions that are tried out on the caller's machine. */
public final class LocalExample {
    // region local
    static final IsolatedFunction<String> MY_FUNCTION_LOCAL =
            MachineTypesExample.MY_FUNCTION.on(local());

    // endregion

    // region cloud
    static final IsolatedFunction<String> MY_FUNCTION_CLOUD =
            MY_FUNCTION_LOCAL.on(cloud(), machineType(M));

    // endregion

    // region local-annotation
    @Isolated(requirements = "net.datafaker:datafaker:2.4.4", host = Place.LOCAL)
    static String joke() {
        return new Faker().chuckNorris().fact();
    }

    static final IsolatedFunction<String> MY_FUNCTION_LOCAL_2 = isolated(LocalExample::joke);

    // endregion

    private LocalExample() {}

    public static void main(String[] args) {
        System.out.println(MY_FUNCTION_LOCAL.call());
        System.out.println(MY_FUNCTION_LOCAL_2.call());
    }
}
