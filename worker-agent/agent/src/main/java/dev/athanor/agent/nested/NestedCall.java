package dev.athanor.agent.nested;

import dev.athanor.environment.sandbox.NestedReplies;
import dev.athanor.runtime.protocol.FailureKind;
import dev.athanor.runtime.protocol.NestedCallFrame;
import dev.athanor.schemas.InvocationEnvelope;
import dev.athanor.schemas.LogLines;
import dev.athanor.schemas.Reply;
import java.time.Instant;

/**
 * A call of a function that is on its way. Passes what comes for it to the nest, whose thread alone
 * knows the rest.
 */
final class NestedCall {
    private final AgentNest nest;
    private final NestedCallFrame frame;
    private final NestedReplies sandbox;
    private final String correlationId;
    private final Instant deadline;
    private final ReplyReader replies;
    private final InvocationEnvelope envelope;
    private final boolean sentAgain;

    // Confined to the nest's thread.
    private int attempt;
    private long nextIndex;

    /**
     * @param replies reads the partition that its envelope names
     * @param envelope what is sent
     * @param sentAgain whether it was sent before, and its code or arguments had gone
     */
    NestedCall(
            AgentNest nest,
            NestedCallFrame frame,
            NestedReplies sandbox,
            String correlationId,
            Instant deadline,
            ReplyReader replies,
            InvocationEnvelope envelope,
            boolean sentAgain) {
        this.nest = nest;
        this.frame = frame;
        this.sandbox = sandbox;
        this.correlationId = correlationId;
        this.deadline = deadline;
        this.replies = replies;
        this.envelope = envelope;
        this.sentAgain = sentAgain;
    }

    NestedCallFrame frame() {
        return frame;
    }

    NestedReplies sandbox() {
        return sandbox;
    }

    String correlationId() {
        return correlationId;
    }

    ReplyReader replies() {
        return replies;
    }

    InvocationEnvelope envelope() {
        return envelope;
    }

    /** When it has an answer, or never will. */
    Instant deadline() {
        return deadline;
    }

    boolean wasSentAgain() {
        return sentAgain;
    }

    void reply(Reply reply) {
        nest.run(() -> nest.end(this, reply));
    }

    void lost(FailureKind kind, String why) {
        nest.run(() -> nest.lost(this, kind, why));
    }

    void lines(LogLines lines) {
        nest.run(() -> nest.lines(this, lines));
    }

    /**
     * How many of the lines were passed on before, or belong to an attempt that is over. Counts
     * those that are left as passed on.
     */
    int known(LogLines lines) {
        int size = lines.getLines().size();
        if (lines.getAttempt() < attempt) {
            return size;
        }
        if (lines.getAttempt() > attempt) {
            attempt = lines.getAttempt();
            nextIndex = 0;
        }
        long known = Math.clamp(nextIndex - lines.getFirstIndex(), 0, size);
        nextIndex = Math.max(nextIndex, lines.getFirstIndex() + size);
        return (int) known;
    }
}
