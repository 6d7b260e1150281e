package dev.athanor.agent.slot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.agent.call.Delivery;
import dev.athanor.agent.call.KnownFunction;
import dev.athanor.agent.slot.Retries.Retry;
import dev.athanor.schemas.Failure;
import dev.athanor.schemas.FailureCode;
import dev.athanor.schemas.FunctionSpec;
import dev.athanor.schemas.Invocation;
import dev.athanor.schemas.InvocationEnvelope;
import dev.athanor.schemas.Limits;
import dev.athanor.schemas.Outcome;
import dev.athanor.schemas.PhaseTimes;
import dev.athanor.schemas.Reply;
import dev.athanor.schemas.RetryPolicy;
import dev.athanor.schemas.attempt.Attempts;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class RetriesTest {
    private static final Instant NOW = Instant.ofEpochSecond(1_000);
    private static final String[] ANY = {};

    private final Retries inTheMiddle = new Retries(() -> 0.5);

    @Test
    void anAttemptFollowsUntilThereWereAsManyAsThePolicySays() {
        Delivery first = delivery(policy(3, ANY), 1, 0);

        Retry second = inTheMiddle.of(first, threw("a.A"), NOW).orElseThrow();

        assertThat(second.next().getAttempt()).isEqualTo(2);
        assertThat(second.next().getRetries()).isEqualTo(1);
        assertThat(second.delay()).isEqualTo(Duration.ofSeconds(2));
        Retry third =
                inTheMiddle.of(delivery(policy(3, ANY), 2, 1), threw("a.A"), NOW).orElseThrow();
        assertThat(third.delay()).isEqualTo(Duration.ofSeconds(6));
        assertThat(inTheMiddle.of(delivery(policy(3, ANY), 3, 2), threw("a.A"), NOW)).isEmpty();
    }

    @Test
    void attemptsThatAgentsLostDoNotCount() {
        Delivery lostTwice = delivery(policy(2, ANY), 3, 0);

        Retry next = inTheMiddle.of(lostTwice, threw("a.A"), NOW).orElseThrow();

        assertThat(next.next().getAttempt()).isEqualTo(4);
        assertThat(Attempts.lost(next.next())).isEqualTo(2);
    }

    @Test
    void aSubclassOfWhatThePolicyNamesIsFollowedByAnAttemptAndNothingElse() {
        RetryPolicy onIo = policy(3, "java.io.IOException");

        assertThat(
                        inTheMiddle.of(
                                delivery(onIo, 1, 0),
                                threw("a.Timeout", "java.io.IOException", "java.lang.Exception"),
                                NOW))
                .isPresent();
        assertThat(inTheMiddle.of(delivery(onIo, 1, 0), threw("java.lang.Exception"), NOW))
                .isEmpty();
        assertThat(inTheMiddle.of(delivery(onIo, 1, 0), failed(FailureCode.SANDBOX_DIED), NOW))
                .isEmpty();
    }

    @Test
    void whateverItsFunctionDidIsFollowedByAnAttemptAndNothingThatItDidNotDo() {
        for (FailureCode code : FailureCode.values()) {
            boolean isItsOwn =
                    switch (code) {
                        case FUNCTION_THREW, SANDBOX_DIED, OUT_OF_MEMORY, EXECUTION_TIMEOUT -> true;
                        default -> false;
                    };
            assertThat(inTheMiddle.of(delivery(policy(3, ANY), 1, 0), failed(code), NOW))
                    .as("%s", code)
                    .matches(retry -> retry.isPresent() == isItsOwn);
        }
    }

    @Test
    void callsAndFunctionsWithoutAPolicyEndAtOnce() {
        Delivery job = delivery(policy(3, ANY), 1, 0);
        Delivery call =
                new Delivery(
                        job.tenant(),
                        job.envelope(),
                        Invocation.newBuilder(job.invocation()).setJob(false).build(),
                        job.function(),
                        job.takenAt());

        assertThat(inTheMiddle.of(call, threw("a.A"), NOW)).isEmpty();
        assertThat(inTheMiddle.of(delivery(null, 1, 0), threw("a.A"), NOW)).isEmpty();
        assertThat(inTheMiddle.of(job, reply(Outcome.SUCCEEDED).build(), NOW)).isEmpty();
    }

    @Test
    void noAttemptIsMadeThatCouldNotBeginBeforeTheOverallDeadline() {
        Delivery job = delivery(policy(3, ANY), 1, 0);
        Limits limits =
                Limits.newBuilder()
                        .setOverallDeadline(NOW.plusMillis(2_000).toEpochMilli())
                        .build();
        Delivery hurried =
                new Delivery(
                        job.tenant(),
                        job.envelope(),
                        Invocation.newBuilder(job.invocation()).setLimits(limits).build(),
                        job.function(),
                        job.takenAt());

        assertThat(inTheMiddle.of(hurried, threw("a.A"), NOW)).isEmpty();
        assertThat(inTheMiddle.of(hurried, threw("a.A"), NOW.minusMillis(1))).isPresent();
    }

    @Test
    void chanceSpreadsDelaysWithinTheirJitterAndTheCap() {
        Delivery job = delivery(policy(3, ANY), 1, 0);
        Delivery late = delivery(policy(9, ANY), 8, 7);

        assertThat(new Retries(() -> 0).of(job, threw("a.A"), NOW).orElseThrow().delay())
                .isEqualTo(Duration.ofMillis(1_500));
        assertThat(new Retries(() -> 1).of(job, threw("a.A"), NOW).orElseThrow().delay())
                .isEqualTo(Duration.ofMillis(2_500));
        assertThat(new Retries(() -> 1).of(late, threw("a.A"), NOW).orElseThrow().delay())
                .isEqualTo(Duration.ofSeconds(60));
    }

    @Test
    void hostilePoliciesMakeNoDelayThatIsNone() {
        RetryPolicy hostile =
                new RetryPolicy(
                        Integer.MAX_VALUE,
                        Long.MAX_VALUE,
                        Double.NaN,
                        Long.MAX_VALUE,
                        -1e300,
                        List.of());

        Duration delay =
                inTheMiddle.of(delivery(hostile, 2, 1), threw("a.A"), NOW).orElseThrow().delay();

        assertThat(delay).isBetween(Duration.ZERO, Duration.ofDays(7));
        assertThat(inTheMiddle.of(delivery(hostile, 1_001, 1_000), threw("a.A"), NOW)).isEmpty();
    }

    private static RetryPolicy policy(int attempts, String... exceptions) {
        return new RetryPolicy(attempts, 2_000L, 3.0, 60_000L, 0.25, List.of(exceptions));
    }

    private static Delivery delivery(RetryPolicy policy, int attempt, int retries) {
        FunctionSpec spec =
                FunctionSpec.newBuilder(Deliveries.function("XS", 0)).setRetries(policy).build();
        InvocationEnvelope envelope =
                InvocationEnvelope.newBuilder(Deliveries.envelope("id-0", attempt))
                        .setRetries(retries)
                        .build();
        return new Delivery(
                "default",
                envelope,
                Invocation.newBuilder(Deliveries.invocation("id-0", "XS")).setJob(true).build(),
                new KnownFunction.Refused(spec, FailureCode.UNKNOWN, ""),
                NOW);
    }

    private static Reply threw(String... types) {
        return reply(Outcome.FAILED)
                .setFailure(
                        new Failure(
                                FailureCode.FUNCTION_THREW,
                                "",
                                List.of(),
                                null,
                                "",
                                List.of(types)))
                .build();
    }

    private static Reply failed(FailureCode code) {
        return reply(Outcome.FAILED)
                .setFailure(new Failure(code, "", List.of(), null, "", List.of()))
                .build();
    }

    private static Reply.Builder reply(Outcome outcome) {
        return Reply.newBuilder()
                .setCorrelationId("id-0")
                .setOutcome(outcome)
                .setAgent("agent-1")
                .setPhases(new PhaseTimes());
    }
}
