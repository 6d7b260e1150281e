package dev.athanor.loadtests.guarantee;

import java.time.Duration;

/**
 * What a run is.
 *
 * @param calls how many are made in all
 * @param agents how many there are at first
 * @param rounds how often the faults of the schedule come; 0: a short form of them, once
 * @param pause longest time between two faults
 * @param patience how long an agent may go without a heartbeat
 * @param freeze how long an agent is frozen; longer than {@code patience}
 * @param drain how long SIGTERM waits for running calls; longer than any call
 * @param inFlight how many calls are under way at once
 * @param endPatience how long the last calls may take
 */
record RunSettings(
        Schedule schedule,
        long seed,
        int calls,
        int agents,
        int rounds,
        Duration pause,
        CallMix mix,
        Duration patience,
        Duration freeze,
        Duration drain,
        int inFlight,
        Duration endPatience) {
    static final int FULL_CALLS = 10_000;
    static final int QUICK_CALLS = 300;

    /** With the time-outs that agents have by default. */
    static RunSettings full(Schedule schedule, long seed, int calls) {
        return new RunSettings(
                schedule,
                seed,
                calls,
                3,
                4,
                Duration.ofSeconds(2),
                new CallMix(0.05, 0.01, 0.1, Duration.ofSeconds(2)),
                Duration.ofSeconds(10),
                Duration.ofSeconds(20),
                Duration.ofSeconds(30),
                32,
                Duration.ofMinutes(3));
    }

    /** With shorter time-outs, fewer agents and faults, and more long calls among fewer. */
    static RunSettings quick(Schedule schedule, long seed, int calls) {
        return new RunSettings(
                schedule,
                seed,
                calls,
                2,
                0,
                Duration.ofMillis(300),
                new CallMix(0.12, 0.03, 0.1, Duration.ofSeconds(1)),
                Duration.ofSeconds(3),
                Duration.ofSeconds(4),
                Duration.ofSeconds(20),
                16,
                Duration.ofMinutes(2));
    }
}
