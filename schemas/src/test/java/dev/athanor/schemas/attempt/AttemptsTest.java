package dev.athanor.schemas.attempt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.athanor.schemas.Codec;
import dev.athanor.schemas.DeadLetter;
import dev.athanor.schemas.FailureCode;
import dev.athanor.schemas.InvocationEnvelope;
import dev.athanor.schemas.Outcome;
import dev.athanor.schemas.Reply;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AttemptsTest {
    private static final InvocationEnvelope FIRST =
            InvocationEnvelope.newBuilder().setInvocation(ByteBuffer.wrap(new byte[] {7})).build();

    private final Attempts attempts = new Attempts(3);

    @Test
    void aLostStartCostsAnAttemptAndNamesTheAgent() {
        InvocationEnvelope second = attempts.afterStart(FIRST, "a").orElseThrow();
        InvocationEnvelope third = attempts.afterStart(second, "b").orElseThrow();

        assertThat(third.getAttempt()).isEqualTo(3);
        assertThat(third.getLostAgents()).containsExactly("a", "b");
        assertThat(third.getInvocation()).isEqualTo(FIRST.getInvocation());
        assertThat(attempts.afterStart(third, "c")).isEmpty();
    }

    @Test
    void aLossBeforeTheStartCostsNoneButIsCounted() {
        InvocationEnvelope lost = attempts.beforeStart(FIRST).orElseThrow();

        assertThat(lost.getAttempt()).isEqualTo(1);
        assertThat(lost.getLossesBeforeStart()).isEqualTo(1);
        assertThat(lost.getLostAgents()).isEmpty();
    }

    @Test
    void lossesBeforeTheStartDoNotGoOnForEver() {
        Optional<InvocationEnvelope> envelope = Optional.of(FIRST);
        int losses = 0;
        while (envelope.isPresent()) {
            envelope = attempts.beforeStart(envelope.get());
            losses++;
        }

        assertThat(losses).isEqualTo(Attempts.MAX_LOSSES_BEFORE_START + 1);
    }

    @Test
    void whatIsLostTellsItsCallerAndCanBeReplayed() {
        InvocationEnvelope third =
                attempts.afterStart(attempts.afterStart(FIRST, "a").orElseThrow(), "b")
                        .orElseThrow();
        LostCall lost = new LostCall("id", "M", third, "c");

        Reply reply = lost.reply();
        DeadLetter letter = lost.deadLetter(5);

        assertThat(reply.getOutcome()).isEqualTo(Outcome.LOST);
        assertThat(reply.getAttempt()).isEqualTo(3);
        assertThat(reply.getFailure().getCode()).isEqualTo(FailureCode.ATTEMPTS_EXHAUSTED);
        assertThat(reply.getFailure().getMessage())
                .isEqualTo("all of its 3 attempts were lost to agents that died (a, b, c)");
        assertThat(Codec.current().decode(letter.getValue().array())).isEqualTo(third);
    }

    @Test
    void thereIsAnAttempt() {
        assertThatThrownBy(() -> new Attempts(0)).hasMessageContaining("1 or more");
    }
}
