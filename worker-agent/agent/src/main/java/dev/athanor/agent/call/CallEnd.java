package dev.athanor.agent.call;

import dev.athanor.schemas.Lane;
import dev.athanor.schemas.Reply;

/** How a call ended for its slot. */
public sealed interface CallEnd {
    /** It has an outcome. */
    record Replied(Reply reply) implements CallEnd {}

    /** It did not start, since another agent has a hot sandbox for it. */
    record HotElsewhere(Lane lane) implements CallEnd {}

    /**
     * Its sandbox was lost with what ran it, through nobody's fault: it may be made again, as the
     * next attempt.
     */
    record Lost() implements CallEnd {}

    /** It never started and never will: it can be started again, here or elsewhere. */
    record NotStarted() implements CallEnd {}
}
