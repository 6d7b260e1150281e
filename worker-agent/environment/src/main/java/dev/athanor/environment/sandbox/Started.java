package dev.athanor.environment.sandbox;

import dev.athanor.environment.limits.Cell;
import java.nio.file.Path;
import java.util.List;

/**
 * A process of a sandbox that was started.
 *
 * @param process that was started
 * @param cell where it runs
 * @param classPath as it sees it
 * @param leaving what user code calls to end it
 * @param processesAbove how many processes there are from the one that was started to the one that
 *     runs user code, each the first child of the one before
 * @param release ends what was made for it, once it has ended and before its cell is removed
 */
public record Started(
        HostProcess process,
        Cell cell,
        List<Path> classPath,
        String leaving,
        int processesAbove,
        Runnable release) {
    public Started {
        classPath = List.copyOf(classPath);
    }
}
