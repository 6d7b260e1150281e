package dev.athanor.environment.isolation;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds programs of this machine.
 *
 * @param folders where to look, in order
 */
public record Tools(List<Path> folders) {
    /** What ordinary users do not have in their path. */
    private static final List<Path> SYSTEM = List.of(Path.of("/usr/sbin"), Path.of("/sbin"));

    /** Copies the list. */
    public Tools {
        folders = List.copyOf(folders);
    }

    /** Those of a search path, as in the environment variable {@code PATH}. */
    static Tools of(String path) {
        List<Path> folders = new ArrayList<>();
        for (String folder : path.split(File.pathSeparator, -1)) {
            // A relative one would be whatever the working directory has.
            if (folder.startsWith("/")) {
                folders.add(Path.of(folder));
            }
        }
        folders.addAll(SYSTEM);
        return new Tools(folders);
    }

    /** Those that this process finds. */
    public static Tools ofThisMachine() {
        String path = System.getenv("PATH");
        return of(path == null ? "" : path);
    }

    boolean has(String name) {
        return folders.stream().anyMatch(folder -> Files.isExecutable(folder.resolve(name)));
    }

    /**
     * The program's path.
     *
     * @param debianPackage what brings it
     * @throws IsolationException if it is not there
     */
    public String find(String name, String debianPackage) {
        return folders.stream()
                .map(folder -> folder.resolve(name))
                .filter(Files::isExecutable)
                .findFirst()
                .map(Path::toString)
                .orElseThrow(() ->
                        new IsolationException(
                                "%s is not installed: apt-get install %s"
                                        .formatted(name, debianPackage)));
    }
}
