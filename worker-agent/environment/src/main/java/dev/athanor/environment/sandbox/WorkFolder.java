package dev.athanor.environment.sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A sandbox's own folder: working directory, home and temporary files of user code.
 *
 * @param path where it lies
 */
record WorkFolder(Path path) {

    static WorkFolder create(Path parent) throws IOException {
        Files.createDirectories(parent);
        return new WorkFolder(Files.createTempDirectory(parent, "sandbox-"));
    }

    /** Deletes all that it can; the agent clears what resists at its start. */
    void delete() {
        FolderTree.delete(path);
    }
}
