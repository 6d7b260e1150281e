package dev.athanor.environment.build;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.eclipse.aether.artifact.Artifact;

/** Puts resolved artifacts into an environment's folder. */
final class ClassPathFolder {
    private static final String POM = "pom";

    private ClassPathFolder() {}

    /** Returns the files in class path order; their names begin with their place in it. */
    static List<Path> fill(Path folder, List<Artifact> artifacts, PinnedChecksums checksums)
            throws IOException {
        Map<Coordinate, Path> files = new LinkedHashMap<>();
        List<Path> classPath = new ArrayList<>();
        for (Artifact artifact : artifacts) {
            if (artifact.getExtension().equals(POM)) {
                continue;
            }
            Path source = artifact.getPath();
            String place = String.format(Locale.ROOT, "%03d-", classPath.size() + 1);
            Path file = folder.resolve(place + source.getFileName());
            link(file, source, artifact.isSnapshot());
            files.put(ResolutionLog.of(artifact), file);
            classPath.add(file);
        }
        checksums.check(files);
        return classPath;
    }

    /** Snapshots are copied: the resolver writes the next one over the same file. */
    private static void link(Path file, Path source, boolean snapshot) throws IOException {
        if (snapshot) {
            Files.copy(source, file);
            return;
        }
        try {
            Files.createLink(file, source);
        } catch (UnsupportedOperationException | FileSystemException e) {
            Files.copy(source, file);
        }
    }
}
