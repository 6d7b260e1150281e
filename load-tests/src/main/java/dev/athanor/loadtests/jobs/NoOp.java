package dev.athanor.loadtests.jobs;

/** Nothing to do, in a class of its own so that little code is shipped. */
final class NoOp {
    private NoOp() {}

    static Integer run(Integer number) {
        return number;
    }
}
