package dev.athanor.loadtests.guarantee;

import dev.athanor.loadtests.guarantee.Step.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Which faults a run has; the seed decides on their order, victims and moments. */
enum Schedule {
    /** One broker that nothing happens to; agents die, freeze, come and go. */
    AGENTS(1),
    /** One broker that is restarted and crashes, and an agent that dies. */
    BROKER(1),
    /** Three brokers, of which one is lost, and an agent that dies. */
    CLUSTER(3);

    private static final int VICTIMS = 1_000;

    private final int brokers;

    Schedule(int brokers) {
        this.brokers = brokers;
    }

    private List<Kind> round() {
        return switch (this) {
            case AGENTS ->
                    List.of(Kind.KILL, Kind.FREEZE, Kind.ROLL, Kind.ADD, Kind.REMOVE, Kind.KILL);
            case BROKER -> List.of(Kind.RESTART_BROKER, Kind.KILL, Kind.CRASH_BROKER);
            case CLUSTER -> List.of(Kind.LOSE_BROKER, Kind.KILL);
        };
    }

    /** The ways in which calls lose their agents, once each. */
    private List<Kind> shortRound() {
        return this == AGENTS ? List.of(Kind.KILL, Kind.FREEZE, Kind.ROLL) : round();
    }

    int brokers() {
        return brokers;
    }

    /**
     * Every fault in each round, in an order of its own. A broker that is lost is lost once: two of
     * three are needed.
     *
     * @param rounds how many; 0: a short one
     * @param pause longest time between two steps
     */
    List<Step> steps(int rounds, Duration pause, Random random) {
        List<Step> steps = new ArrayList<>();
        for (int number = 0; number < Math.max(1, rounds); number++) {
            List<Kind> kinds = new ArrayList<>(rounds == 0 ? shortRound() : round());
            if (number > 0) {
                kinds.remove(Kind.LOSE_BROKER);
            }
            Collections.shuffle(kinds, random);
            for (Kind kind : kinds) {
                steps.add(
                        new Step(
                                kind,
                                random.nextInt(VICTIMS),
                                Duration.ofMillis(random.nextLong(pause.toMillis() + 1))));
            }
        }
        return List.copyOf(steps);
    }
}
