package dev.athanor.environment.build;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One build on a thread of its own, and those who wait for it. Each of them gets all lines, on its
 * own thread, so that a slow listener delays nobody else. When the last one gives up, the build is
 * interrupted.
 */
final class RunningBuild implements BuildLog {
    private static final int MAX_LINES = 10_000;

    private final EnvironmentKey key;
    private final Thread thread;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    // All below guarded by the lock.
    private final List<String> lines = new ArrayList<>();
    private int waiting;
    private boolean abandoned;
    private @Nullable Outcome outcome;

    /** What the build's thread does. */
    @FunctionalInterface
    interface Work {
        /** Returns how it ended; throws nothing. */
        Outcome run(RunningBuild build);
    }

    /** How a build ended. */
    sealed interface Outcome {}

    /** An environment is there; {@code anew} tells whether this build made it. */
    record Built(StoredEnvironment stored, boolean anew) implements Outcome {}

    /** There is none. */
    record Failed(String message, @Nullable Throwable cause) implements Outcome {}

    RunningBuild(EnvironmentKey key, Work work) {
        this.key = key;
        thread = new Thread(() -> end(work.run(this)), "athanor-build-" + key.abbreviated());
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** Counts the caller among those who wait; false when it is too late for that. */
    boolean join() {
        lock.lock();
        try {
            if (abandoned || outcome != null) {
                return false;
            }
            waiting++;
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Passes lines on until the build ends. The caller has joined, and leaves by this. */
    Built await(Deadline deadline, BuildLog log) throws InterruptedException {
        try {
            int passed = 0;
            while (true) {
                List<String> fresh = awaitChange(deadline, passed);
                fresh.forEach(log::line);
                passed += fresh.size();
                if (fresh.isEmpty()) {
                    return result(deadline);
                }
            }
        } finally {
            leave();
        }
    }

    @Override
    public void line(String text) {
        lock.lock();
        try {
            if (lines.size() < MAX_LINES) {
                lines.add(lines.size() + 1 < MAX_LINES ? text : "Further lines are left out");
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Stops the build, whoever waits. */
    void abandon() {
        lock.lock();
        try {
            stop();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until the thread has ended and holds no lock any more. */
    void awaitEnd() throws InterruptedException {
        thread.join();
    }

    /** Waits for the end for as long as a deadline allows. */
    void awaitEnd(Deadline deadline) throws InterruptedException {
        TimeUnit.NANOSECONDS.timedJoin(thread, deadline.remainingNanos());
    }

    /** Returns new lines; none when the build has ended or the deadline has passed. */
    private List<String> awaitChange(Deadline deadline, int passed) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = deadline.remainingNanos();
            while (lines.size() == passed && outcome == null && left > 0) {
                left = changed.awaitNanos(left);
            }
            return List.copyOf(lines.subList(passed, lines.size()));
        } finally {
            lock.unlock();
        }
    }

    private Built result(Deadline deadline) {
        lock.lock();
        try {
            if (outcome instanceof Built built) {
                return built;
            }
            if (outcome instanceof Failed failed) {
                throw failed.cause() == null
                        ? new BuildFailedException(failed.message())
                        : new BuildFailedException(failed.message(), failed.cause());
            }
            String last =
                    lines.isEmpty() ? "" : "; its last line was: " + lines.get(lines.size() - 1);
            throw BuildFailedException.timedOut(
                    "environment "
                            + key.abbreviated()
                            + " was not built within "
                            + Durations.text(deadline.timeout())
                            + last);
        } finally {
            lock.unlock();
        }
    }

    private void leave() {
        lock.lock();
        try {
            waiting--;
            if (waiting == 0 && outcome == null) {
                stop();
            }
        } finally {
            lock.unlock();
        }
    }

    /** The thread is this build's own, so that nobody else is meant by its interrupt. */
    @SuppressWarnings("Interruption")
    private void stop() {
        abandoned = true;
        thread.interrupt();
    }

    private void end(Outcome reached) {
        lock.lock();
        try {
            outcome = reached;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
