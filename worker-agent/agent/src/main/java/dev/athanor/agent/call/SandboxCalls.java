package dev.athanor.agent.call;

import dev.athanor.agent.cancel.CallStop;
import dev.athanor.agent.cancel.Cancellations;
import dev.athanor.agent.kafka.Publisher;
import dev.athanor.agent.stream.Credits;
import dev.athanor.environment.pool.PooledSandbox;
import dev.athanor.environment.sandbox.Call;
import dev.athanor.environment.sandbox.CallResult;
import dev.athanor.environment.sandbox.Sandbox;
import dev.athanor.schemas.PhaseTimes;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** Hands calls over to sandboxes that are there, and lets them be cancelled. Thread-safe. */
final class SandboxCalls {
    private final CallLimits defaults;
    private final Replies replies;
    private final WarmHints hints;
    private final Nest nest;
    private final Cancellations cancellations;
    private final Credits credits;
    private final Publisher publisher;
    private final Payloads payloads;
    private final Executor threads;
    private final ScheduledExecutorService timer;

    /**
     * @param threads where a sandbox may be waited for
     */
    SandboxCalls(
            CallLimits defaults,
            Replies replies,
            WarmHints hints,
            Nest nest,
            Cancellations cancellations,
            Credits credits,
            Publisher publisher,
            Payloads payloads,
            Executor threads,
            ScheduledExecutorService timer) {
        this.defaults = defaults;
        this.replies = replies;
        this.hints = hints;
        this.nest = nest;
        this.cancellations = cancellations;
        this.credits = credits;
        this.publisher = publisher;
        this.payloads = payloads;
        this.threads = threads;
        this.timer = timer;
    }

    /**
     * Makes a call in a sandbox, and gives that back at its end. The sandbox may have it only once
     * it is flushed.
     */
    SandboxCall enqueue(
            Delivery delivery,
            KnownFunction.Runs function,
            PooledSandbox sandbox,
            byte[] arguments,
            CallLog log,
            PhaseTimes phases,
            CallStop stop) {
        String id = delivery.correlationId();
        Sandbox place = sandbox.sandbox();
        ValueRelay values =
                new ValueRelay(
                        delivery,
                        publisher,
                        payloads,
                        log,
                        () -> threads.execute(() -> place.cancel(id)));
        Call call =
                new Call(
                        delivery.correlationId(),
                        delivery.envelope().getAttempt(),
                        Payloads.code(delivery.invocation().getArguments().getCodec()),
                        function.entryPoint(),
                        arguments,
                        defaults.payloadBytes(),
                        nest.of(delivery, function),
                        values);
        CompletableFuture<CallResult> result = place.enqueue(call, log);
        if (values.window() > 0) {
            // Not on the reader's thread: a sandbox that is frozen takes no frame.
            credits.open(
                    delivery.id(),
                    values.run(),
                    upTo -> threads.execute(() -> place.grant(id, upTo)));
        }
        SandboxCall made =
                new SandboxCall(
                        delivery,
                        function,
                        sandbox,
                        result,
                        log,
                        values,
                        defaults.execution(delivery.invocation().getLimits(), delivery.takenAt()),
                        defaults.grace(),
                        phases,
                        stop,
                        replies,
                        hints);
        stop.stopBy(() -> cancel(delivery.correlationId(), sandbox.sandbox(), result));
        CompletableFuture<Void> _ =
                result.thenAccept(ended -> {
                    stop.end();
                    cancellations.forget(delivery.id(), stop);
                    credits.close(delivery.id(), values.run());
                });
        return made;
    }

    /** Not on the calling thread: a sandbox that is frozen takes no frame. */
    private void cancel(String id, Sandbox sandbox, CompletableFuture<CallResult> result) {
        ScheduledFuture<?> kill =
                timer.schedule(
                        () -> sandbox.kill(id), defaults.grace().toNanos(), TimeUnit.NANOSECONDS);
        CompletableFuture<Void> _ = result.thenAccept(ended -> kill.cancel(false));
        threads.execute(() -> sandbox.cancel(id));
    }
}
