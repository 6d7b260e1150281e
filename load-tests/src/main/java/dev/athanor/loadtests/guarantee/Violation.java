package dev.athanor.loadtests.guarantee;

/** A guarantee that a call's history breaks. */
record Violation(Guarantee guarantee, CallHistory call, String message) {
    /** What is promised. */
    enum Guarantee {
        /** Every call has an outcome of its own, and LOST only once its attempts are used up. */
        NOT_LOST,
        /** No call has a second outcome, for whoever reads its replies. */
        ONE_OUTCOME,
        /** A call runs once, and once more for each agent that died or froze holding it. */
        NO_NEEDLESS_EXECUTION,
        /** No call starts after its deadline. */
        NOT_LATE
    }
}
