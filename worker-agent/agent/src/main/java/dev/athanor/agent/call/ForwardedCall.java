package dev.athanor.agent.call;

import dev.athanor.schemas.Lane;
import java.time.Duration;

/** A call that is not started here, since it is hot elsewhere. */
record ForwardedCall(Lane lane) implements ActiveCall {
    @Override
    public boolean await(Duration timeout) {
        return true;
    }

    @Override
    public CallEnd join() {
        return new CallEnd.HotElsewhere(lane);
    }

    @Override
    public boolean abandon() {
        return false;
    }
}
