package dev.athanor.loadtests.guarantee;

import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.loadtests.guarantee.Step.Kind;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ScheduleTest {
    private static final Duration PAUSE = Duration.ofSeconds(1);

    @Test
    void seedDecidesOnEverything() {
        assertThat(steps(Schedule.AGENTS, 4, 7)).isEqualTo(steps(Schedule.AGENTS, 4, 7));
        assertThat(steps(Schedule.AGENTS, 4, 7)).isNotEqualTo(steps(Schedule.AGENTS, 4, 8));
    }

    @Test
    void everyRoundHasEveryKindOfFault() {
        for (int round = 0; round < 3; round++) {
            assertThat(steps(Schedule.AGENTS, 3, 7).subList(round * 6, (round + 1) * 6))
                    .extracting(Step::kind)
                    .containsExactlyInAnyOrder(
                            Kind.KILL, Kind.KILL, Kind.FREEZE, Kind.ROLL, Kind.ADD, Kind.REMOVE);
        }
    }

    @Test
    void noRoundMeansAShortOne() {
        assertThat(steps(Schedule.AGENTS, 0, 7))
                .extracting(Step::kind)
                .containsExactlyInAnyOrder(Kind.KILL, Kind.FREEZE, Kind.ROLL);
        assertThat(steps(Schedule.BROKER, 0, 7)).hasSameSizeAs(steps(Schedule.BROKER, 1, 7));
    }

    @Test
    void oneOfThreeBrokersIsLostOnce() {
        assertThat(steps(Schedule.CLUSTER, 4, 7))
                .extracting(Step::kind)
                .containsOnlyOnce(Kind.LOSE_BROKER);
    }

    @Test
    void noPauseIsLongerThanAsked() {
        assertThat(steps(Schedule.BROKER, 10, 7))
                .allSatisfy(step -> assertThat(step.after()).isBetween(Duration.ZERO, PAUSE));
    }

    private static List<Step> steps(Schedule schedule, int rounds, long seed) {
        return schedule.steps(rounds, PAUSE, new Random(seed));
    }
}
