package dev.athanor.api.internal.local;

import dev.athanor.api.Callee;
import dev.athanor.api.CancelledCallException;
import dev.athanor.api.Host;
import dev.athanor.api.internal.bundle.Bundler;
import dev.athanor.api.internal.call.CallbackThreads;
import dev.athanor.api.internal.call.Callbacks;
import dev.athanor.api.internal.call.Handover;
import dev.athanor.api.internal.call.PackedCall;
import dev.athanor.environment.isolation.Isolation;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.WeakHashMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * This machine as a host, from its first call until it is closed. Safe for any number of threads.
 */
public final class LocalMachine implements Host {
    private static final int SANDBOXES_PER_SLOT = 4;
    private static final long EXPIRE_EVERY_MILLIS = 200;

    private final Sandboxes sandboxes;
    private final LocalPlace place;
    private final InstantSource clock;
    private final Bundler bundler = new Bundler();
    private final Map<Callee<?>, LocalCallee> functions =
            Collections.synchronizedMap(new WeakHashMap<>());
    private final Set<LocalCall<?>> underWay = ConcurrentHashMap.newKeySet();
    private final ExecutorService calls = CallbackThreads.open("athanor-local-call-");
    private final Callbacks callbacks = new Callbacks();
    private final ScheduledExecutorService timer;
    private final Thread atExit = new Thread(this::end, "athanor-local-exit");

    private LocalMachine(Sandboxes sandboxes, int slots, Duration grace, InstantSource clock) {
        this.sandboxes = sandboxes;
        this.place = new LocalPlace(new Turns(slots), sandboxes, grace);
        this.clock = clock;
        this.timer =
                Executors.newSingleThreadScheduledExecutor(task -> {
                    Thread thread = new Thread(task, "athanor-local-timer");
                    thread.setDaemon(true);
                    return thread;
                });
    }

    /**
     * Opens it.
     *
     * @param cacheFolder for environments, made when missing
     * @param javaExecutable that functions run on
     * @param isolation how sandboxes are kept apart, as {@link Isolation} names it
     * @param slots how many calls run at a time
     * @param grace between the interrupt of a function and the end of its sandbox
     * @throws dev.athanor.api.UnavailableException when a folder cannot be used, or the isolation
     *     does not work here
     */
    public static Host open(
            Path cacheFolder, Path javaExecutable, String isolation, int slots, Duration grace) {
        InstantSource clock = InstantSource.system();
        Sandboxes sandboxes =
                Sandboxes.open(
                        cacheFolder,
                        javaExecutable,
                        Isolation.named(isolation),
                        SANDBOXES_PER_SLOT * slots,
                        clock);
        LocalMachine machine = new LocalMachine(sandboxes, slots, grace, clock);
        machine.start();
        return machine;
    }

    private void start() {
        ScheduledFuture<?> unused =
                timer.scheduleWithFixedDelay(
                        this::expire,
                        EXPIRE_EVERY_MILLIS,
                        EXPIRE_EVERY_MILLIS,
                        TimeUnit.MILLISECONDS);
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    /** A failure here must not end the schedule: sandboxes would stay for ever. */
    private void expire() {
        try {
            sandboxes.expire();
        } catch (RuntimeException e) {
            Thread thread = Thread.currentThread();
            thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
        }
    }

    @Override
    public <R extends @Nullable Object> CompletableFuture<R> submit(
            Callee<R> callee, @Nullable Object... arguments) {
        LocalCallee function =
                functions.computeIfAbsent(callee, missing -> LocalCallee.of(missing, bundler));
        PackedCall packed = function.packed().call(arguments);
        LocalRun run =
                new LocalRun(
                        UUID.randomUUID().toString(),
                        function.function(),
                        packed.bundles(),
                        packed.arguments().bytes(),
                        place,
                        new LocalNest(
                                place,
                                calls,
                                clock,
                                packed.bundles(),
                                function.function().network(),
                                0));
        Handover<R> handover = new Handover<>(callbacks);
        LocalCall<R> call =
                new LocalCall<>(
                        packed,
                        run,
                        handover,
                        new CallerLog(packed.function().options().logs(), handover, clock));
        start(call);
        return call.future();
    }

    /** A call that its caller cancels is interrupted, wherever it is. */
    @SuppressWarnings("Interruption")
    private void start(LocalCall<?> call) {
        underWay.add(call);
        try {
            Future<?> running =
                    calls.submit(() -> {
                        try {
                            call.run();
                        } finally {
                            underWay.remove(call);
                        }
                    });
            call.future()
                    .onCancel(() -> {
                        underWay.remove(call);
                        running.cancel(true);
                    });
        } catch (RejectedExecutionException e) {
            underWay.remove(call);
            throw new CancelledCallException("the local host is closed", e);
        }
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException e) {
            // The process is ending, and the hook does what follows.
            return;
        }
        end();
    }

    private void end() {
        timer.shutdownNow();
        underWay.forEach(call -> call.cancel("was cancelled: the local host was closed"));
        calls.shutdownNow();
        sandboxes.close();
        callbacks.close();
    }
}
