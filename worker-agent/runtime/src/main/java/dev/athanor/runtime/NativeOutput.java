package dev.athanor.runtime;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.util.concurrent.locks.LockSupport;

/**
 * The pipes behind file descriptors 1 and 2, to which native code and child processes write past
 * System.out. The agent drains them; before a call ends it is given time to do so, since it could
 * not tell afterwards to which call the lines belong.
 */
final class NativeOutput {

    private static final long PATIENCE_NANOS = 200_000_000;
    private static final long PAUSE_NANOS = 50_000;

    // Never read from, only asked how much lies in the pipe, and never closed.
    private final FileInputStream stdout = new FileInputStream(FileDescriptor.out);
    private final FileInputStream stderr = new FileInputStream(FileDescriptor.err);

    /** Returns when the pipes are empty, at the latest after 0.2 s. */
    void awaitDrained() {
        if (isDrained()) {
            return;
        }
        long start = System.nanoTime();
        while (!isDrained() && System.nanoTime() - start < PATIENCE_NANOS) {
            LockSupport.parkNanos(this, PAUSE_NANOS);
        }
    }

    private boolean isDrained() {
        try {
            return stdout.available() <= 0 && stderr.available() <= 0;
        } catch (IOException e) {
            // Closed by user code, or no pipe: there is nothing to wait for.
            return true;
        }
    }
}
