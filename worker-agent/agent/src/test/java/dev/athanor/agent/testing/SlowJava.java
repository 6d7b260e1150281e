package dev.athanor.agent.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * A {@code java} that does not start before a file is there.
 *
 * @param executable to be given to an agent
 * @param started is there as soon as somebody has called it
 * @param goOn lets it start
 */
public record SlowJava(Path executable, Path started, Path goOn) {
    public static SlowJava in(Path folder) throws IOException {
        Path executable = folder.resolve("slow-java");
        Path started = folder.resolve("java-called");
        Path goOn = folder.resolve("java-may-start");
        Files.writeString(
                executable,
                """
                #!/bin/sh
                touch %s
                while [ ! -e %s ]; do sleep 0.02; done
                exec %s/bin/java "$@"
                """
                        .formatted(started, goOn, System.getProperty("java.home")));
        Files.setPosixFilePermissions(executable, PosixFilePermissions.fromString("rwx------"));
        return new SlowJava(executable, started, goOn);
    }
}
