package dev.athanor.environment.build;

import java.nio.file.Path;
import java.util.List;

/**
 * A built environment.
 *
 * @param key the hash of its definition
 * @param classPath absolute paths of its files, in class path order; empty where nothing is
 *     required; of a Python environment the interpreter comes first. They stay readable for at
 *     least a day after a rebuild has superseded them.
 */
public record Environment(EnvironmentKey key, List<Path> classPath) {
    public Environment {
        classPath = List.copyOf(classPath);
    }

    /** Returns the {@code python} of a Python environment. */
    public Path interpreter() {
        return classPath.get(0);
    }
}
