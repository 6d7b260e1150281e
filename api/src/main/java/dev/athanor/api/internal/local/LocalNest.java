package dev.athanor.api.internal.local;

import dev.athanor.api.internal.bundle.Bundle;
import dev.athanor.environment.machine.MachineType;
import dev.athanor.environment.machine.MachineTypeCatalog;
import dev.athanor.environment.outcome.CallFailures;
import dev.athanor.environment.sandbox.NestedCalls;
import dev.athanor.environment.sandbox.NestedReplies;
import dev.athanor.environment.sandbox.Network;
import dev.athanor.runtime.protocol.FailureKind;
import dev.athanor.runtime.protocol.NestedCallFrame;
import dev.athanor.runtime.protocol.NestedFailedFrame;
import dev.athanor.runtime.protocol.NestedFunction;
import dev.athanor.runtime.protocol.NestedOutcome;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;

/**
 * Makes the calls of one call's function, on the machine that it runs on and with its code. While
 * there are some its place is lent to them, so that those who wait for others never take all the
 * room there is.
 */
final class LocalNest implements NestedCalls {
    private final LocalPlace place;
    private final ExecutorService threads;
    private final InstantSource clock;
    private final List<Bundle> bundles;
    private final Network network;
    private final int depth;
    private final Map<Long, FutureTask<?>> underWay = new ConcurrentHashMap<>();

    // Guarded by the place.
    private int running;

    /**
     * @param bundles the function's code
     * @param depth how many functions called one another until this one, the caller's own being 0
     */
    LocalNest(
            LocalPlace place,
            ExecutorService threads,
            InstantSource clock,
            List<Bundle> bundles,
            Network network,
            int depth) {
        this.place = place;
        this.threads = threads;
        this.clock = clock;
        this.bundles = bundles;
        this.network = network;
        this.depth = depth;
    }

    @Override
    public void start(NestedCallFrame call, NestedReplies replies) {
        long id = call.nestedId();
        FutureTask<?> task =
                new FutureTask<>(
                        () -> {
                            try {
                                run(call, replies);
                            } finally {
                                underWay.remove(id);
                            }
                        },
                        null);
        underWay.put(id, task);
        try {
            threads.execute(task);
        } catch (RejectedExecutionException e) {
            // The host is being closed, and the sandbox with it.
            underWay.remove(id);
        }
    }

    private void run(NestedCallFrame call, NestedReplies replies) {
        NestedFunction function = call.function();
        Optional<MachineType> machineType =
                MachineTypeCatalog.reference().find(function.machineType());
        if (depth >= DEFAULT_MAX_DEPTH) {
            refuse(
                    call,
                    replies,
                    FailureKind.INVALID_INVOCATION,
                    CallFailures.tooDeep(DEFAULT_MAX_DEPTH));
        } else if (machineType.isEmpty()) {
            refuse(
                    call,
                    replies,
                    FailureKind.UNKNOWN_MACHINE_TYPE,
                    LocalFunction.offered(function.machineType()));
        } else {
            run(call, LocalFunction.of(function, machineType.get(), network), replies);
        }
    }

    private void run(NestedCallFrame call, LocalFunction function, NestedReplies replies) {
        LocalNest further =
                new LocalNest(place, threads, clock, bundles, function.network(), depth + 1);
        LocalRun run =
                new LocalRun(
                        UUID.randomUUID().toString(),
                        function,
                        bundles,
                        call.arguments(),
                        place,
                        further);
        NestedLocalCall nested =
                new NestedLocalCall(
                        call.nestedId(), run, replies, call.function().wantsLogs(), clock);
        begin();
        try {
            nested.run();
        } finally {
            finish();
        }
    }

    private static void refuse(
            NestedCallFrame call, NestedReplies replies, FailureKind kind, String message) {
        replies.send(
                NestedFailedFrame.of(call.nestedId(), NestedOutcome.unknown(""), kind, message));
    }

    private synchronized void begin() {
        running++;
        if (running == 1) {
            place.lend();
        }
    }

    private synchronized void finish() {
        running--;
        if (running == 0) {
            place.takeBack();
        }
    }

    /** A call that is interrupted stops wherever it is. */
    @SuppressWarnings("Interruption")
    @Override
    public void cancel(long nestedId) {
        FutureTask<?> task = underWay.get(nestedId);
        if (task != null) {
            task.cancel(true);
        }
    }

    @Override
    public void end() {
        underWay.keySet().forEach(this::cancel);
    }
}
