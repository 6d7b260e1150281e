package dev.athanor.environment.build;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The right to build one environment, among all processes that share a folder. Each key is one byte
 * of one file, locked there or not; the byte is never written. The operating system takes a lock
 * back when its process dies.
 *
 * <p>INVARIANT: one open channel per file in a process, because closing any channel drops all locks
 * that the process holds on its file. Hence one store per folder in a process, and no blocking
 * lock, which an interrupt would close the channel of.
 */
final class KeyLocks implements AutoCloseable {
    private static final long POLL_NANOS = Duration.ofMillis(50).toNanos();
    private static final int HEX = 16;
    private static final int DIGITS_OF_A_POSITIVE_LONG = 15;

    private final FileChannel presence;
    private final FileChannel keys;

    /** Opens the locks of a folder; a second opening in the same process is refused. */
    KeyLocks(Path folder) throws IOException {
        presence = open(folder.resolve("store.lock"));
        boolean opened = false;
        try {
            presence.tryLock(0, 1, true);
            keys = open(folder.resolve("keys.lock"));
            opened = true;
        } catch (OverlappingFileLockException e) {
            throw new IllegalStateException(
                    "folder "
                            + folder
                            + " is open in another EnvironmentStore of this process: share that"
                            + " one, or choose another folder",
                    e);
        } finally {
            if (!opened) {
                presence.close();
            }
        }
    }

    /** Waits for a key; {@code onWait} runs once when another process holds it. */
    FileLock acquire(EnvironmentKey key, Runnable onWait) throws IOException, InterruptedException {
        FileLock lock = tryAcquire(key);
        if (lock == null) {
            onWait.run();
        }
        while (lock == null) {
            LockSupport.parkNanos(this, POLL_NANOS);
            if (Thread.interrupted()) {
                throw new InterruptedException("while another process builds " + key);
            }
            lock = tryAcquire(key);
        }
        return lock;
    }

    /** Returns null when another process holds the key. */
    @Nullable FileLock tryAcquire(EnvironmentKey key) throws IOException {
        long position = Long.parseLong(key.hex(), 0, DIGITS_OF_A_POSITIVE_LONG, HEX);
        return keys.tryLock(position, 1, false);
    }

    @Override
    public void close() throws IOException {
        try (presence) {
            keys.close();
        }
    }

    private static FileChannel open(Path file) throws IOException {
        return FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }
}
