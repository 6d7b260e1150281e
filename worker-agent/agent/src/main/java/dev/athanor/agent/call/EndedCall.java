package dev.athanor.agent.call;

import dev.athanor.schemas.Reply;
import java.time.Duration;

/** A call that ended before it began. */
record EndedCall(Reply reply) implements ActiveCall {
    @Override
    public boolean await(Duration timeout) {
        return true;
    }

    @Override
    public CallEnd join() {
        return new CallEnd.Replied(reply);
    }

    @Override
    public boolean abandon() {
        return false;
    }
}
