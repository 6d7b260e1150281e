package dev.athanor.api.data;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A lock between processes, on all machines that share a file system; the end of its process frees
 * it. A process may have one at a time of the same file.
 */
final class FolderLock implements AutoCloseable {
    private final FileChannel file;

    private FolderLock(FileChannel file) {
        this.file = file;
    }

    /** Waits until nobody else has it. */
    static FolderLock exclusive(Path file) throws IOException {
        return acquire(file, false);
    }

    /** Waits until nobody has it for himself. */
    static FolderLock shared(Path file) throws IOException {
        return acquire(file, true);
    }

    private static FolderLock acquire(Path path, boolean shared) throws IOException {
        FileChannel file =
                FileChannel.open(
                        path,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE,
                        LinkOption.NOFOLLOW_LINKS);
        try {
            // Held until the file is closed.
            FileLock unused = file.lock(0, Long.MAX_VALUE, shared);
            return new FolderLock(file);
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
