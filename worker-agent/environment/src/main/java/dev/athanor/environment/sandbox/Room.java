package dev.athanor.environment.sandbox;

import java.nio.file.Path;
import java.util.List;

/**
 * Where one sandbox runs, and what it sees there.
 *
 * @param program its {@code java} or {@code python}, as it sees it
 * @param runtime its runtime, as it sees it
 * @param workFolder its working directory, home and folder for temporary files, as it sees it
 * @param socket as it sees it
 * @param classPath as it sees it
 * @param dataFolder its tenant's persistent folder, as it sees it
 * @param prefix what to put before its command, which then keeps its process id or is a descendant
 * @param processesAbove how many processes there are above the one of its command, each the first
 *     child of the one before
 * @param release ends what was made for it
 */
public record Room(
        Path program,
        Path runtime,
        Path workFolder,
        Path socket,
        List<Path> classPath,
        String dataFolder,
        List<String> prefix,
        int processesAbove,
        Runnable release)
        implements AutoCloseable {
    public Room {
        classPath = List.copyOf(classPath);
        prefix = List.copyOf(prefix);
    }

    /** Ends what was made for it, once its processes have ended. */
    @Override
    public void close() {
        release.run();
    }
}
