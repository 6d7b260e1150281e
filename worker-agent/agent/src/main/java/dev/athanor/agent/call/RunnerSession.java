package dev.athanor.agent.call;

import dev.athanor.environment.pool.PooledSandbox;
import dev.athanor.environment.sandbox.SandboxKey;
import dev.athanor.schemas.Lane;
import dev.athanor.schemas.Payload;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A session whose calls a {@link CallRunner} runs. */
final class RunnerSession implements CallSession {
    /**
     * Larger arguments are handed over one at a time, so that few of them lie in a sandbox's heap.
     */
    private static final int MAX_QUEUED_BYTES = 16 * 1024;

    private record Lent(SandboxKey key, SharedSandbox sandbox) {}

    private final CallRunner runner;
    private @Nullable Lent lent;

    RunnerSession(CallRunner runner) {
        this.runner = runner;
    }

    @Override
    public ActiveCall start(Delivery delivery, CallStart start) throws InterruptedException {
        Optional<ActiveCall> refused = runner.refuse(delivery);
        if (refused.isPresent()) {
            return refused.get();
        }
        KnownFunction.Runs function = (KnownFunction.Runs) delivery.function();
        Optional<PooledSandbox> hot = runner.hot(delivery, function);
        if (hot.isEmpty()) {
            Optional<Lane> elsewhere = runner.hotElsewhere(delivery, function);
            return elsewhere.isPresent()
                    ? new ForwardedCall(elsewhere.get())
                    : runner.cold(delivery, function, start);
        }
        if (!start.start()) {
            hot.get().release(function.keepAlive());
            throw new IllegalStateException("the start of a call could not be written down");
        }
        SharedSandbox shared = new SharedSandbox(hot.get());
        lent = new Lent(function.sandboxKey(), shared);
        ActiveCall call = runner.enqueue(delivery, function, shared.share());
        flush();
        runner.running(delivery);
        return call;
    }

    @Override
    public Optional<ActiveCall> queue(Delivery delivery) {
        Lent last = lent;
        if (last == null
                || !last.sandbox().isShared()
                || !last.sandbox().sandbox().isUsable()
                || !isSmall(delivery.invocation().getArguments())
                || !(delivery.function() instanceof KnownFunction.Runs function)
                || !function.sandboxKey().equals(last.key())
                || function.spec().getEnvironment().getRebuild()
                || runner.refuse(delivery).isPresent()) {
            return Optional.empty();
        }
        return Optional.of(runner.enqueue(delivery, function, last.sandbox().share()));
    }

    private static boolean isSmall(Payload payload) {
        return payload.getBlob() == null && payload.getContent().remaining() <= MAX_QUEUED_BYTES;
    }

    @Override
    public void flush() {
        if (lent != null && lent.sandbox().isShared()) {
            lent.sandbox().sandbox().flush();
        }
    }

    @Override
    public void withdraw() {
        if (lent != null && lent.sandbox().isShared()) {
            lent.sandbox().sandbox().withdraw();
        }
    }

    @Override
    public void kill() {
        if (lent != null && lent.sandbox().isShared()) {
            lent.sandbox().sandbox().kill();
        }
    }
}
