package dev.athanor.loadtests.warm;

/** The function whose calls are measured, in a class that needs nothing but the JDK. */
final class NoOp {
    private NoOp() {}

    static Integer run(Integer number) {
        return number;
    }
}
