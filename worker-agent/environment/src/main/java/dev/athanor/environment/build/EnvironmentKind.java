package dev.athanor.environment.build;

/** The language that an environment belongs to. */
public enum EnvironmentKind {
    /** Maven coordinates, resolved to a class path. */
    JVM,
    /** pip specifiers, installed into a virtual environment. */
    PYTHON,
    /** An image. */
    CONTAINER
}
