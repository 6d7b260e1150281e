package dev.athanor.loadtests.guarantee;

import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.loadtests.guarantee.Violation.Guarantee;
import dev.athanor.schemas.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CheckerTest {
    private static final Instant T0 = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration HOLDING = Duration.ofSeconds(2);
    private static final Duration TOLERANCE = Duration.ofMillis(500);

    private final List<Fault> faults = new ArrayList<>();
    private final List<Ending> endings = new ArrayList<>();
    private final List<Execution> executions = new ArrayList<>();
    private final List<SentReply> replies = new ArrayList<>();
    private final List<Instant> redeliveries = new ArrayList<>();
    private Optional<Instant> deadline = Optional.empty();

    @Test
    void oneExecutionWithItsOutcomeIsAsPromised() {
        ran("a", 1.0, 1.2);
        replied("a", Outcome.SUCCEEDED, 1.3);
        told(Outcome.SUCCEEDED, 1.4);

        assertThat(findings().allHold()).isTrue();
        assertThat(findings())
                .extracting(Findings::calls, Findings::outcomes)
                .containsExactly(1, 1);
    }

    @Test
    void callWithoutOutcomeIsLost() {
        ran("a", 1.0, 1.2);

        assertThat(broken()).containsExactly(Guarantee.NOT_LOST);
        assertThat(findings().outcomes()).isZero();
    }

    @Test
    void successWithoutAnExecutionThatReturnedIsLost() {
        neverReturned("a", 1.0);
        told(Outcome.SUCCEEDED, 1.4);

        assertThat(broken()).containsExactly(Guarantee.NOT_LOST);
    }

    @Test
    void failureThatNobodyAskedForIsLost() {
        ran("a", 1.0, 1.2);
        told(Outcome.FAILED, 1.4);

        assertThat(broken()).containsExactly(Guarantee.NOT_LOST);
    }

    @Test
    void resultOfAnotherCallIsLost() {
        ran("a", 1.0, 1.2);
        told(Outcome.UNKNOWN, 1.4);

        assertThat(broken()).containsExactly(Guarantee.NOT_LOST);
    }

    @Test
    void anAgentThatDiedHoldingTheRecordExcusesOneExecutionMore() {
        killed("a", 2);
        redelivered(2.7);
        ran("b", 1.0, 1.2);
        replied("b", Outcome.SUCCEEDED, 1.3);
        told(Outcome.SUCCEEDED, 1.4);
        ran("c", 3.0, 3.2);
        replied("c", Outcome.SUCCEEDED, 3.3);

        assertThat(broken()).isEmpty();

        ran("c", 4.0, 4.2);
        assertThat(broken()).containsExactly(Guarantee.NO_NEEDLESS_EXECUTION);
    }

    @Test
    void aRedeliveryThatNoFaultExplainsExcusesNothing() {
        redelivered(2.7);
        ran("b", 1.0, 1.2);
        told(Outcome.SUCCEEDED, 1.4);
        ran("c", 3.0, 3.2);

        assertThat(broken()).containsExactly(Guarantee.NO_NEEDLESS_EXECUTION);
    }

    @Test
    void aFaultThatCutAnExecutionShortIsNotCountedTwice() {
        killed("a", 2);
        redelivered(2.7);
        neverReturned("a", 1.9);
        ran("b", 3.0, 3.2);
        told(Outcome.SUCCEEDED, 3.4);
        ran("c", 4.0, 4.2);

        assertThat(broken()).containsExactly(Guarantee.NO_NEEDLESS_EXECUTION);
    }

    @Test
    void lostIsAnOutcomeOnlyOnceAllAttemptsAreUsedUp() {
        killed("a", 2);
        killed("b", 12);
        neverReturned("a", 1.0);
        neverReturned("b", 11.0);
        told(Outcome.LOST, 13);

        assertThat(broken()).containsExactly(Guarantee.NOT_LOST);

        killed("c", 22);
        neverReturned("c", 21.0);
        assertThat(broken()).isEmpty();
    }

    @Test
    void expiryOfACallWithoutADeadlineIsALoss() {
        told(Outcome.EXPIRED, 5);

        assertThat(broken()).containsExactly(Guarantee.NOT_LOST);

        deadline = Optional.of(at(3));
        assertThat(broken()).isEmpty();
    }

    @Test
    void secondOutcomeForTheCallerIsFound() {
        ran("a", 1.0, 1.2);
        told(Outcome.SUCCEEDED, 1.4);
        told(Outcome.SUCCEEDED, 1.5);

        assertThat(broken()).containsExactly(Guarantee.ONE_OUTCOME);
        assertThat(findings().outcomes()).isZero();
    }

    @Test
    void secondReplyNeedsAFaultOfTheAgentThatWroteOne() {
        ran("a", 1.0, 1.2);
        replied("a", Outcome.SUCCEEDED, 1.3);
        replied("b", Outcome.SUCCEEDED, 9.0);
        told(Outcome.SUCCEEDED, 1.4);

        assertThat(broken()).containsExactly(Guarantee.ONE_OUTCOME);

        killed("c", 1.5);
        assertThat(broken()).containsExactly(Guarantee.ONE_OUTCOME);

        killed("a", 1.5);
        assertThat(broken()).isEmpty();
    }

    @Test
    void callerIsToldTheFirstReply() {
        frozen("a", 1, 20);
        ran("a", 1.0, 1.2);
        replied("a", Outcome.LOST, 20.5);
        replied("b", Outcome.SUCCEEDED, 21);
        told(Outcome.SUCCEEDED, 22);

        assertThat(broken()).containsExactly(Guarantee.ONE_OUTCOME);
    }

    @Test
    void whatExpiredMustNotHaveRun() {
        deadline = Optional.of(at(2));
        ran("a", 1.0, 1.2);
        replied("b", Outcome.EXPIRED, 5);
        told(Outcome.EXPIRED, 5);

        assertThat(broken()).containsExactly(Guarantee.ONE_OUTCOME);

        killed("a", 1.3);
        assertThat(broken()).isEmpty();
    }

    @Test
    void secondExecutionNeedsAFaultWhileTheFirstWasHeld() {
        ran("a", 1.0, 1.2);
        ran("b", 9.0, 9.2);
        told(Outcome.SUCCEEDED, 9.4);
        assertThat(broken()).containsExactly(Guarantee.NO_NEEDLESS_EXECUTION);

        killed("a", 3.3); // Longer after its return than an agent may hold it.
        assertThat(broken()).containsExactly(Guarantee.NO_NEEDLESS_EXECUTION);

        killed("c", 1.1); // Another agent.
        assertThat(broken()).containsExactly(Guarantee.NO_NEEDLESS_EXECUTION);

        killed("a", 3.1);
        assertThat(broken()).isEmpty();
    }

    @Test
    void oneFaultExcusesOneExecutionOnly() {
        killed("a", 2);
        neverReturned("a", 1.0);
        ran("b", 3.0, 3.2);
        ran("c", 4.0, 4.2);
        told(Outcome.SUCCEEDED, 4.4);

        assertThat(broken()).containsExactly(Guarantee.NO_NEEDLESS_EXECUTION);
    }

    @Test
    void freezeExcusesWhatWasHeldWhileItWentOn() {
        frozen("a", 2, 22);
        ran("a", 1.0, 4.0);
        ran("b", 12.5, 13.0);
        replied("b", Outcome.SUCCEEDED, 13.1);
        told(Outcome.SUCCEEDED, 13.2);

        assertThat(broken()).isEmpty();

        ran("a", 24.5, 24.6);
        assertThat(broken()).containsExactly(Guarantee.NO_NEEDLESS_EXECUTION);
    }

    @Test
    void lossOfABrokerHitsEveryAgent() {
        faults.add(new Fault(Fault.Kind.BROKER_LOST, Fault.EVERY_AGENT, at(2), at(6)));
        ran("a", 1.0, 2.5);
        ran("b", 7.0, 7.2);
        ran("c", 9.0, 9.2);
        told(Outcome.SUCCEEDED, 9.4);

        assertThat(broken()).isEmpty();

        ran("a", 20.0, 20.2);
        assertThat(broken()).containsExactly(Guarantee.NO_NEEDLESS_EXECUTION);
    }

    @Test
    void startAfterTheDeadlineIsLate() {
        deadline = Optional.of(at(3));
        ran("a", 3.4, 3.6);
        told(Outcome.SUCCEEDED, 3.8);
        assertThat(broken()).isEmpty();

        deadline = Optional.of(at(2));
        assertThat(broken()).containsExactly(Guarantee.NOT_LATE);
    }

    private List<Guarantee> broken() {
        return findings().violations().stream().map(Violation::guarantee).distinct().toList();
    }

    private Findings findings() {
        CallHistory call =
                new CallHistory(
                        0, T0, deadline, endings, executions, replies, redeliveries, List.of());
        return new Checker(faults, HOLDING, TOLERANCE, 3).check(List.of(call));
    }

    private void ran(String agent, double start, double end) {
        executions.add(new Execution(agent, at(start), Optional.of(at(end))));
    }

    private void neverReturned(String agent, double start) {
        executions.add(new Execution(agent, at(start), Optional.empty()));
    }

    private void replied(String agent, Outcome outcome, double at) {
        replies.add(new SentReply(agent, outcome, at(at)));
    }

    private void redelivered(double at) {
        redeliveries.add(at(at));
    }

    private void told(Outcome outcome, double at) {
        endings.add(new Ending(outcome, at(at), ""));
    }

    private void killed(String agent, double at) {
        faults.add(new Fault(Fault.Kind.KILLED, agent, at(at), at(at)));
    }

    private void frozen(String agent, double from, double to) {
        faults.add(new Fault(Fault.Kind.FROZEN, agent, at(from), at(to)));
    }

    private static Instant at(double seconds) {
        return T0.plusMillis(Math.round(seconds * 1_000));
    }
}
