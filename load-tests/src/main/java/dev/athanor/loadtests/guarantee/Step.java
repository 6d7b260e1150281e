package dev.athanor.loadtests.guarantee;

import java.time.Duration;

/**
 * One thing that is done while calls are made.
 *
 * @param victim which of the agents or brokers, counted around those that there are
 * @param after how long after the step before was over
 */
record Step(Kind kind, int victim, Duration after) {
    /** What is done. */
    enum Kind {
        /** kill -9 of an agent; another of the same id takes its place. */
        KILL,
        /** SIGSTOP of an agent for longer than others wait for its heartbeat, then SIGCONT. */
        FREEZE,
        /** Every agent in turn is drained by SIGTERM and started again. */
        ROLL,
        /** A further agent joins. */
        ADD,
        /** An agent is drained by SIGTERM and stays away. */
        REMOVE,
        /** A broker is stopped by SIGTERM and started again on what it has on disk. */
        RESTART_BROKER,
        /** kill -9 of a broker, which is started again on what it has on disk. */
        CRASH_BROKER,
        /** kill -9 of a broker, which stays away. */
        LOSE_BROKER
    }
}
