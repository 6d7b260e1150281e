package dev.athanor.examples;

// region sync-dir
import static dev.athanor.api.Athanor.isolatedVoid;
import static dev.athanor.api.Athanor.syncDir;

import dev.athanor.api.IsolatedFunction1;
import java.io.IOException;
// endregion
import java.nio.file.Files;
import java.nio.file.Path;

/** A folder of this machine that functions find in {@code /data}. */
public final class SyncDirExample {
    // region sync-dir
    // An isolated function to list the contents of the uploaded directory
    static void list(String remoteDir) throws IOException, InterruptedException {
        new ProcessBuilder("ls", remoteDir).inheritIO().start().waitFor();
    }

    static final IsolatedFunction1<String, ?> TEST = isolatedVoid(SyncDirExample::list);

    // endregion

    private SyncDirExample() {}

    public static void main(String[] args) throws IOException {
        Path localDir = Files.createTempDirectory("athanor-sync-dir-");
        Files.writeString(localDir.resolve("greeting.txt"), "Hello World");
        Files.writeString(localDir.resolve("numbers.txt"), "1 2 3");

        // region sync-dir-call
        // Upload a local directory to the persistent /data directory
        String remoteDir = syncDir(localDir, "/data/remote_dir");

        // Execute the test function
        TEST.call(remoteDir); // prints contents of the uploaded directory
        // endregion
    }
}
