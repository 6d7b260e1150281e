package dev.athanor.standalone;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** The data folder of an all-in-one process, which one process at a time may use. */
final class DataFolder implements AutoCloseable {
    private final Path path;
    private final FileChannel lockFile;

    private DataFolder(Path path, FileChannel lockFile) {
        this.path = path;
        this.lockFile = lockFile;
    }

    /**
     * Takes the folder, made when missing, until this is closed or the process ends.
     *
     * @throws StandaloneException when it cannot be written to, or another process has it
     */
    static DataFolder take(Path path) {
        try {
            Files.createDirectories(path);
            FileChannel lockFile =
                    FileChannel.open(
                            path.resolve("lock"),
                            StandardOpenOption.CREATE,
                            StandardOpenOption.WRITE);
            if (tryLock(lockFile) == null) {
                lockFile.close();
                throw new StandaloneException(
                        "the data folder %s is in use by another athanor: stop that one, or choose"
                                        .formatted(path)
                                + " another folder with --data-dir",
                        null);
            }
            return new DataFolder(path, lockFile);
        } catch (IOException e) {
            throw new StandaloneException(
                    "cannot write to the data folder %s (%s): choose another with --data-dir"
                            .formatted(path, e),
                    e);
        }
    }

    private static @Nullable FileLock tryLock(FileChannel lockFile) throws IOException {
        try {
            return lockFile.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    Path resolve(String name) {
        return path.resolve(name);
    }

    @Override
    public void close() throws IOException {
        lockFile.close();
    }
}
