package dev.athanor.dispatcher.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.schemas.JobEvent;
import dev.athanor.schemas.JobState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class JobRowTest {
    private static final String ID = Events.id(Instant.parse("2026-03-01T12:00:00Z"), 7);

    @Test
    void anEndCountsBeforeWhatALaterAttemptBegan() {
        JobRow row =
                merged(
                        Events.event(ID, 2, JobState.RUNNING),
                        Events.event(ID, 1, JobState.SUCCEEDED),
                        Events.event(ID, 3, JobState.QUEUED));

        assertThat(row.state()).isEqualTo(JobState.SUCCEEDED);
        assertThat(row.attempt()).isEqualTo(1);
        assertThat(row.events()).isEqualTo(3);
    }

    @Test
    void ofTwoEndsThatOfTheEarlierAttemptCounts() {
        JobRow row =
                merged(
                        Events.event(ID, 2, JobState.SUCCEEDED),
                        Events.event(ID, 1, JobState.FAILED));

        assertThat(row.state()).isEqualTo(JobState.FAILED);
        assertThat(row.failureCode()).contains("FUNCTION_THREW");
    }

    @Test
    void beforeItsEndTheLaterAttemptCountsAndThenTheLaterState() {
        JobRow row =
                merged(
                        Events.event(ID, 2, JobState.STARTING),
                        Events.event(ID, 2, JobState.QUEUED),
                        Events.event(ID, 1, JobState.RUNNING));

        assertThat(row.state()).isEqualTo(JobState.STARTING);
        assertThat(row.attempt()).isEqualTo(2);
    }

    @Test
    void whatWasGivenBackIsQueuedAgainUntilItsNextTurn() {
        JobEvent begun = Events.event(ID, 1, JobState.STARTING);
        JobEvent back = Events.like(Events.event(ID, 1, JobState.QUEUED)).setTurn(1).build();
        JobEvent again = Events.like(Events.event(ID, 1, JobState.BUILDING)).setTurn(1).build();

        assertThat(merged(back, begun).state()).isEqualTo(JobState.QUEUED);
        assertThat(merged(again, begun, back).state()).isEqualTo(JobState.BUILDING);
        assertThat(merged(back, Events.event(ID, 2, JobState.QUEUED)).attempt()).isEqualTo(2);
    }

    @Test
    void aTurnNeverCountsBeforeAnEndOrALaterAttempt() {
        JobEvent often =
                Events.like(Events.event(ID, 1, JobState.RUNNING))
                        .setTurn(Integer.MAX_VALUE)
                        .build();
        JobEvent late = Events.event(ID, Integer.MAX_VALUE, JobState.RUNNING);

        assertThat(merged(often, Events.event(ID, 2, JobState.QUEUED)).attempt()).isEqualTo(2);
        assertThat(merged(late, Events.event(ID, 1, JobState.LOST)).state())
                .isEqualTo(JobState.LOST);
    }

    @Test
    void itsLatestStartIsKeptWhateverCounts() {
        JobEvent ran = Events.like(Events.event(ID, 1, JobState.RUNNING)).setStartedAt(77).build();

        assertThat(merged(ran, Events.event(ID, 1, JobState.FAILED)).startedAt()).isEqualTo(77);
    }

    @Test
    void theOrderOfArrivalMakesNoDifference() {
        Random random = new Random(42);
        for (int round = 0; round < 500; round++) {
            List<JobEvent> events = new ArrayList<>();
            for (int i = 0; i < 2 + random.nextInt(6); i++) {
                events.add(Events.random(ID, random));
            }
            JobRow one = merged(events.toArray(JobEvent[]::new));
            Collections.shuffle(events, random);

            assertThat(merged(events.toArray(JobEvent[]::new))).isEqualTo(one);
        }
    }

    static Stream<JobEvent> malformed() {
        JobEvent good = Events.event(ID, 1, JobState.QUEUED);
        return Stream.of(
                Events.like(good).setState(JobState.UNKNOWN).build(),
                Events.like(good).setAttempt(0).build(),
                Events.like(good).setTurn(-1).build(),
                Events.like(good).setStartedAt(-1).build(),
                Events.like(good).setTenant("a.b").build(),
                Events.like(good).setMachineType("").build(),
                Events.like(good).setAgent("a\0b").build(),
                Events.like(good).setCorrelationId("").build(),
                Events.like(good).setCorrelationId("1-1-7001-1-1").build(),
                Events.like(good).setCorrelationId("123e4567-e89b-42d3-a456-426614174000").build());
    }

    @ParameterizedTest
    @MethodSource("malformed")
    void whatNoAgentWritesMakesNoRow(JobEvent event) {
        assertThat(JobRow.of(event, 9_000)).isEmpty();
    }

    @Test
    void textIsCutToWhatTheDatabaseHolds() {
        JobEvent event =
                Events.like(Events.event(ID, 1, JobState.FAILED))
                        .setFunction("f".repeat(255) + "\uD83D\uDE00")
                        .setMessage("a\0b" + "x".repeat(100_000))
                        .build();

        JobRow row = JobRow.of(event, 9_000).orElseThrow();

        assertThat(row.function()).isEqualTo("f".repeat(255));
        assertThat(row.message()).startsWith("a\uFFFDb").hasSize(4096);
    }

    private static JobRow merged(JobEvent... events) {
        return Stream.of(events)
                .map(event -> JobRow.of(event, 9_000).orElseThrow())
                .reduce(JobRow::merge)
                .orElseThrow();
    }
}
