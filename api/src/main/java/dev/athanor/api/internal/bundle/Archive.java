package dev.athanor.api.internal.bundle;

import dev.athanor.api.InvalidFunctionException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Reads whole folders and jars, and tells of what kind they are. */
final class Archive {
    /** Beyond this a folder or jar is not sent whole. */
    static final long MODERATE_BYTES = 16L * 1024 * 1024;

    private static final Pattern MAVEN_DESCRIPTION =
            Pattern.compile("META-INF/maven/[^/]+/[^/]+/pom\\.properties");
    private static final Pattern SIGNATURE =
            Pattern.compile("META-INF/[^/]+\\.(SF|RSA|DSA|EC)|META-INF/INDEX\\.LIST");
    private static final Pattern RELEASE = Pattern.compile("META-INF/versions/(\\d+)/.*");

    private final Path path;

    Archive(Path path) {
        this.path = path;
    }

    /**
     * Whether it holds the caller's own code and little else: neither Athanor's classes nor several
     * projects' nor more than a moderate size.
     */
    boolean isSentWhole() {
        try {
            return Files.isDirectory(path) ? isOwnFolder() : isOwnJar();
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private boolean isOwnFolder() throws IOException {
        if (Files.exists(path.resolve(AthanorClasses.MARKER))) {
            return false;
        }
        long bytes = 0;
        for (Path file : files()) {
            bytes += Files.size(file);
        }
        return bytes <= MODERATE_BYTES;
    }

    private boolean isOwnJar() throws IOException {
        if (Files.size(path) > MODERATE_BYTES) {
            return false;
        }
        try (JarFile jar = new JarFile(path.toFile(), false)) {
            long projects =
                    jar.stream()
                            .filter(e -> MAVEN_DESCRIPTION.matcher(e.getName()).matches())
                            .count();
            return projects <= 1 && jar.getEntry(AthanorClasses.MARKER) == null;
        }
    }

    /** Adds all that it holds. */
    void copyTo(BundleJar bundle) {
        try {
            if (Files.isDirectory(path)) {
                for (Path file : files()) {
                    String name = path.relativize(file).toString().replace('\\', '/');
                    bundle.add(name, Files.readAllBytes(file));
                }
            } else {
                copyJar(bundle);
            }
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private void copyJar(BundleJar bundle) throws IOException {
        try (JarFile jar = new JarFile(path.toFile(), false)) {
            if (jar.isMultiRelease()) {
                bundle.multiRelease();
            }
            for (Enumeration<JarEntry> entries = jar.entries(); entries.hasMoreElements(); ) {
                JarEntry entry = entries.nextElement();
                if (isWanted(entry)) {
                    try (InputStream in = jar.getInputStream(entry)) {
                        bundle.add(entry.getName(), in.readAllBytes());
                    }
                }
            }
        }
    }

    /** Signatures would not fit the bundle's manifest, and newer releases' classes are not used. */
    private static boolean isWanted(JarEntry entry) {
        Matcher release = RELEASE.matcher(entry.getName());
        return !entry.isDirectory()
                && !SIGNATURE.matcher(entry.getName()).matches()
                && !(release.matches()
                        && Integer.parseInt(release.group(1)) > ClassFormat.AGENT_RELEASE);
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.walk(path)) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    private InvalidFunctionException unreadable(IOException cause) {
        return new InvalidFunctionException(
                "cannot read the code in %s: %s".formatted(path, cause), cause);
    }
}
