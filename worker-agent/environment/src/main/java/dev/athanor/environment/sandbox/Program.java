package dev.athanor.environment.sandbox;

import java.nio.file.Path;

/** What runs the functions of a sandbox. */
public sealed interface Program {

    /** The JVM that the launcher was made with. */
    record Jvm() implements Program {}

    /**
     * A Python.
     *
     * @param interpreter {@code bin/python} of a virtual environment, in which cloudpickle is
     *     installed; absolute
     */
    record Python(Path interpreter) implements Program {

        /** The folder of the virtual environment. */
        public Path environment() {
            Path bin = interpreter.getParent();
            Path environment = bin == null ? null : bin.getParent();
            if (environment == null) {
                throw new IllegalArgumentException(interpreter + " is in no environment");
            }
            return environment;
        }
    }
}
