package dev.athanor.agent.call;

import dev.athanor.schemas.Reply;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A call that another thread prepares and sees through.
 *
 * @param start says whether it has come to calling the function
 */
record ColdCall(Future<Reply> reply, CallStart start) implements ActiveCall {
    @Override
    public boolean await(Duration timeout) throws InterruptedException {
        try {
            reply.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            return true;
        }
    }

    /**
     * An interrupt is passed on: it ends the build or the sandbox that the other thread waits for.
     */
    @Override
    @SuppressWarnings("Interruption")
    public CallEnd join() throws InterruptedException {
        try {
            return new CallEnd.Replied(reply.get());
        } catch (InterruptedException e) {
            abandon();
            throw e;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof InterruptedException interrupted) {
                throw interrupted;
            }
            if (e.getCause() instanceof SandboxLostException) {
                return new CallEnd.Lost();
            }
            throw new IllegalStateException("the cold path let an error out", e.getCause());
        }
    }

    @Override
    @SuppressWarnings("Interruption")
    public boolean abandon() {
        // First of all: it may be waiting for its start to be written down.
        reply.cancel(true);
        return !start.prevent();
    }
}
