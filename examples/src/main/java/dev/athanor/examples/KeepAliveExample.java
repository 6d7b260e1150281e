package dev.athanor.examples;

// region keep-alive
import static dev.athanor.api.Athanor.isolated;

import dev.athanor.api.Isolated;
import dev.athanor.api.IsolatedFunction;
import net.datafaker.Faker;

// endregion

/** A function whose environment stays hot for longer than by default. */
public final class KeepAliveExample {
    // region keep-alive
    @Isolated(keepAlive = 20, requirements = "net.datafaker:datafaker:2.4.4")
    static String joke() {
        return new Faker().chuckNorris().fact();
    }

    static final IsolatedFunction<String> GET_JOKE = isolated(KeepAliveExample::joke);

    // endregion

    private KeepAliveExample() {}

    public static void main(String[] args) {
        System.out.println(GET_JOKE.call());
        System.out.println(GET_JOKE.call());
    }
}
