package dev.athanor.agent.call;

import dev.athanor.environment.pool.PooledSandbox;
import dev.athanor.environment.sandbox.Sandbox;
import java.time.Duration;

/**
 * A pooled sandbox that several calls have at once, given back when the last of them gives it back.
 * Confined to a slot's thread.
 */
final class SharedSandbox implements PooledSandbox {
    private final PooledSandbox pooled;
    private Duration keepAlive = Duration.ZERO;
    private int calls;

    SharedSandbox(PooledSandbox pooled) {
        this.pooled = pooled;
    }

    /** One more call has it. */
    SharedSandbox share() {
        calls++;
        return this;
    }

    boolean isShared() {
        return calls > 0;
    }

    @Override
    public boolean hot() {
        return pooled.hot();
    }

    @Override
    public Sandbox sandbox() {
        return pooled.sandbox();
    }

    @Override
    public void release(Duration keepFor) {
        keepAlive = keepFor.compareTo(keepAlive) > 0 ? keepFor : keepAlive;
        calls--;
        if (calls == 0) {
            pooled.release(keepAlive);
        }
    }

    @Override
    public void discard() {
        pooled.discard();
    }
}
