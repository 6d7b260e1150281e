package dev.athanor.environment.docker;

import com.github.dockerjava.api.exception.DockerException;
import dev.athanor.environment.sandbox.ExitStatus;
import dev.athanor.environment.sandbox.HostProcess;
import java.io.InputStream;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** The first process of a sandbox's container. */
final class Container implements HostProcess {
    private static final int NAME_CHARS = 12;

    private static final long LOOK_EVERY_MILLIS = 200;

    /**
     * An engine that is there tells of an end sooner than in so many looks, also where it is waited
     * for whether it ends itself.
     */
    private static final int LOOKS_UNTIL_LOST = 7;

    private final Engine engine;
    private final String id;
    private final InputStream output;
    private final InputStream errors;
    private final CompletableFuture<Integer> exit = new CompletableFuture<>();
    private volatile boolean outOfMemory;
    private volatile boolean killed;
    private volatile @Nullable ProcessHandle handle;

    Container(Engine engine, String id, InputStream output, InputStream errors) {
        this.engine = engine;
        this.id = id;
        this.output = output;
        this.errors = errors;
    }

    String id() {
        return id;
    }

    /** Tells it the process of this machine that it is. */
    void isProcess(Optional<ProcessHandle> process) {
        handle = process.orElse(null);
    }

    Optional<ProcessHandle> process() {
        return Optional.ofNullable(handle);
    }

    void ranOutOfMemory() {
        outOfMemory = true;
    }

    boolean hasRunOutOfMemory() {
        return outOfMemory;
    }

    /** Tells it that it has ended. */
    void ended(int code) {
        exit.complete(code);
    }

    /** Tells it that it has ended with its engine. */
    void lost() {
        exit.complete(ExitStatus.LOST);
    }

    /** Tells whether it is this side that kills it. */
    boolean isKilled() {
        return killed;
    }

    @Override
    public String name() {
        return id.substring(0, NAME_CHARS);
    }

    @Override
    public OptionalLong pid() {
        ProcessHandle process = handle;
        return process == null ? OptionalLong.empty() : OptionalLong.of(process.pid());
    }

    @Override
    public InputStream output() {
        return output;
    }

    @Override
    public InputStream errors() {
        return errors;
    }

    @Override
    public boolean isAlive() {
        ProcessHandle process = handle;
        return !exit.isDone() && (process == null || process.isAlive());
    }

    @Override
    public CompletableFuture<?> onExit() {
        return exit;
    }

    /** The engine tells; where it is away, the process itself does. */
    @Override
    public boolean awaitExit(long millis) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        int gone = 0;
        while (!exit.isDone()) {
            long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
            if (gone == LOOKS_UNTIL_LOST) {
                lost();
            } else if (left <= 0) {
                return false;
            } else if (isGoneAfter(Math.min(left, LOOK_EVERY_MILLIS))) {
                gone++;
            }
        }
        return true;
    }

    private boolean isGoneAfter(long millis) throws InterruptedException {
        ProcessHandle process = handle;
        boolean gone = process != null && !process.isAlive();
        try {
            exit.get(millis, TimeUnit.MILLISECONDS);
            return false;
        } catch (TimeoutException e) {
            return gone;
        } catch (ExecutionException e) {
            throw new IllegalStateException("an end never fails", e);
        }
    }

    @Override
    public int exitValue() {
        return exit.getNow(ExitStatus.LOST);
    }

    /** With its first process all others of a container end. */
    @Override
    public void kill() {
        if (exit.isDone()) {
            return;
        }
        killed = true;
        ProcessHandle process = handle;
        if (process != null && process.destroyForcibly()) {
            return;
        }
        try {
            engine.kill(id);
        } catch (EngineAwayException | DockerException e) {
            // It ends with its engine, or is removed when that is back.
            return;
        }
    }
}
