package dev.athanor.environment.build;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

/**
 * A process of its own that builds an environment, says so, and ends its build when its input does.
 */
final class KeyHolder {
    private KeyHolder() {}

    public static void main(String[] arguments) throws InterruptedException {
        EnvironmentBuilder builder =
                (definition, folder, log) -> {
                    System.out.println("building");
                    readToEnd();
                    return List.of();
                };
        try (EnvironmentStore store =
                new EnvironmentStore(Path.of(arguments[0]), builder, InstantSource.system())) {
            store.obtain(
                    Definitions.of(arguments[1]),
                    false,
                    Duration.ofSeconds(60),
                    BuildLog.discarding());
        }
    }

    private static void readToEnd() {
        try {
            System.in.readAllBytes();
        } catch (IOException e) {
            throw new BuildFailedException("no input", e);
        }
    }
}
