package dev.athanor.api.internal.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.schemas.Digest;
import dev.athanor.schemas.Lane;
import dev.athanor.schemas.WarmHint;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class WarmRoutesTest {
    private static final FunctionBytes FUNCTION = function(1);
    private static final FunctionBytes SIBLING = function(2);
    private static final Lane A = new Lane("a", "M");
    private static final Lane B = new Lane("b", "M");

    private final Set<String> present = new HashSet<>(Set.of(A.topic(), B.topic()));
    private final AtomicInteger asked = new AtomicInteger();
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private final WarmRoutes routes =
            new WarmRoutes(
                    new KnownTopics(
                            present,
                            () -> {
                                asked.incrementAndGet();
                                return CompletableFuture.completedFuture(Set.copyOf(present));
                            },
                            Duration.ofSeconds(1)),
                    () -> now);

    private static FunctionBytes function(int number) {
        return new FunctionBytes(ByteBuffer.wrap(new byte[] {(byte) number}));
    }

    @Test
    void theFirstCallGoesToTheQueueAndTheNextWhereItIsHot() {
        WarmRoutes.Route first = routes.open(FUNCTION, "M");
        assertThat(first.lane()).isEmpty();

        ended(first, hint("a", 10_000, 1));

        assertThat(lane()).contains(A);
    }

    @Test
    void aHintIsGoodUntilALittleBeforeTheSandboxEnds() {
        ended(routes.open(FUNCTION, "M"), hint("a", 10_000, 1));

        after(Duration.ofMillis(9_700));
        assertThat(lane()).contains(A);
        after(Duration.ofMillis(100));
        assertThat(lane()).isEmpty();
    }

    @Test
    void everyCallMakesItGoodForLonger() {
        ended(routes.open(FUNCTION, "M"), hint("a", 10_000, 1));
        after(Duration.ofSeconds(9));
        ended(routes.open(FUNCTION, "M"), hint("a", 10_000, 1));
        after(Duration.ofSeconds(9));

        assertThat(lane()).contains(A);
    }

    @Test
    void aHintOfAShorterStayTakesNothingBack() {
        ended(routes.open(FUNCTION, "M"), hint("a", 60_000, 1));
        ended(routes.open(FUNCTION, "M"), hint("a", 1_000, 1));
        after(Duration.ofSeconds(30));

        assertThat(lane()).contains(A);
    }

    @Test
    void callsThatFindItsSlotsTakenGoToTheQueue() {
        ended(routes.open(FUNCTION, "M"), hint("a", 10_000, 2));
        WarmRoutes.Route one = routes.open(FUNCTION, "M");
        WarmRoutes.Route two = routes.open(FUNCTION, "M");
        WarmRoutes.Route three = routes.open(FUNCTION, "M");

        assertThat(List.of(one.lane(), two.lane(), three.lane()))
                .containsExactly(Optional.of(A), Optional.of(A), Optional.empty());
        routes.close(three);
        routes.close(two);
        assertThat(lane()).contains(A);
    }

    @Test
    void otherFunctionsTakeTheSlotsOfALaneToo() {
        ended(routes.open(FUNCTION, "M"), hint("a", 10_000, 1));
        ended(routes.open(SIBLING, "M"), hint("a", 10_000, 1));
        WarmRoutes.Route sibling = routes.open(SIBLING, "M");

        assertThat(sibling.lane()).contains(A);
        assertThat(lane()).isEmpty();
    }

    @Test
    void ofSeveralHotAgentsTheLeastBusyIsTaken() {
        WarmRoutes.Route one = routes.open(FUNCTION, "M");
        WarmRoutes.Route two = routes.open(FUNCTION, "M");
        ended(one, hint("a", 10_000, 1));
        ended(two, hint("b", 20_000, 1));

        assertThat(routes.open(FUNCTION, "M").lane()).contains(B);
        assertThat(routes.open(FUNCTION, "M").lane()).contains(A);
        assertThat(routes.open(FUNCTION, "M").lane()).isEmpty();
    }

    @Test
    void aFunctionThatIsBusyEverywhereIsSpreadByTheQueue() {
        WarmRoutes.Route one = routes.open(FUNCTION, "M");
        WarmRoutes.Route two = routes.open(FUNCTION, "M");
        WarmRoutes.Route three = routes.open(FUNCTION, "M");
        ended(three, hint("a", 10_000, 2));

        assertThat(routes.open(FUNCTION, "M").lane()).isEmpty();
        routes.close(one);
        routes.close(two);
        assertThat(lane()).contains(A);
    }

    @Test
    void aLaneThatIsNotThereIsNotUsedAndAskedForAtMostOnceASecond() {
        for (int i = 0; i < 100; i++) {
            ended(routes.open(FUNCTION, "M"), hint("forged-" + i, 10_000, 1));
        }

        assertThat(lane()).isEmpty();
        assertThat(asked).hasValue(1);
    }

    @Test
    void theLaneOfANewAgentIsUsedOnceItIsKnown() {
        present.add(new Lane("new", "M").topic());
        ended(routes.open(FUNCTION, "M"), hint("new", 10_000, 1));

        assertThat(lane()).contains(new Lane("new", "M"));
    }

    @Test
    void aLaneThatIsGoneIsNoticedSoon() {
        ended(routes.open(FUNCTION, "M"), hint("a", 60_000, 1));
        present.remove(A.topic());
        after(Duration.ofSeconds(5));
        routes.tick();

        assertThat(lane()).isEmpty();
    }

    @Test
    void nobodyIsAskedWhileNothingIsHot() {
        ended(routes.open(FUNCTION, "M"), hint("a", 1_000, 1));
        after(Duration.ofSeconds(1));
        routes.tick();

        assertThat(asked).hasValue(0);
    }

    @Test
    void aForgottenLaneIsUsedAgainWhenAReplyNamesIt() {
        ended(routes.open(FUNCTION, "M"), hint("a", 10_000, 1));
        routes.forget(A);
        assertThat(lane()).isEmpty();

        ended(routes.open(FUNCTION, "M"), hint("a", 10_000, 1));
        assertThat(lane()).contains(A);
    }

    @Test
    void hintsThatCannotBeTrueDoNoHarm() {
        ended(routes.open(FUNCTION, "M"), hint("../../etc", 10_000, 1));
        ended(routes.open(FUNCTION, "M"), hint("a", -1, 1));
        ended(routes.open(FUNCTION, "M"), hint("a", Long.MIN_VALUE, 1));
        ended(routes.open(FUNCTION, "M"), null);
        assertThat(lane()).isEmpty();

        ended(routes.open(FUNCTION, "M"), hint("a", Long.MAX_VALUE, Integer.MIN_VALUE));
        assertThat(lane()).contains(A);
        after(Duration.ofDays(1));
        assertThat(lane()).isEmpty();
    }

    /** The lane that a call would take now. */
    private Optional<Lane> lane() {
        WarmRoutes.Route route = routes.open(FUNCTION, "M");
        routes.close(route);
        return route.lane();
    }

    private void ended(WarmRoutes.Route route, WarmHint hint) {
        routes.learn(route, hint);
        routes.close(route);
    }

    private void after(Duration duration) {
        now = now.plus(duration);
    }

    private static WarmHint hint(String agent, long hotMillis, int slots) {
        return new WarmHint(agent, new Digest(new byte[32]), hotMillis, slots);
    }
}
