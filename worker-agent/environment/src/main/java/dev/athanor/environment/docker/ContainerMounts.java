package dev.athanor.environment.docker;

import com.github.dockerjava.api.model.Mount;
import com.github.dockerjava.api.model.MountType;
import dev.athanor.environment.sandbox.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What a container sees of this machine: what was named here, nothing else. */
final class ContainerMounts {
    /** What is ours in there. */
    static final Path OWN = Path.of("/athanor");

    private static final List<Path> OF_THE_IMAGE =
            List.of(
                    Path.of("/usr"),
                    Path.of("/bin"),
                    Path.of("/sbin"),
                    Path.of("/lib"),
                    Path.of("/lib64"));

    private final List<Mount> mounts = new ArrayList<>();

    /**
     * Shows it a file or folder that it cannot change.
     *
     * @return where it is seen
     * @throws NoSuchFileException if it is not there
     */
    Path show(Path path, Path seen) throws IOException {
        return bind(path, seen, true);
    }

    /** Shows it a folder or socket that it can write to. */
    Path open(Path path, Path seen) throws IOException {
        return bind(path, seen, false);
    }

    private Path bind(Path path, Path seen, boolean readOnly) throws IOException {
        if (!Files.exists(path)) {
            throw new NoSuchFileException(path.toString(), null, "it is not there");
        }
        mounts.add(
                new Mount()
                        .withType(MountType.BIND)
                        // The engine takes a path by its links, which it may not see alike.
                        .withSource(path.toRealPath().toString())
                        .withTarget(seen.toString())
                        .withReadOnly(readOnly));
        return seen;
    }

    /** Shows it the files of a class path, each below a folder of its own. */
    List<Path> classPath(List<Path> entries) throws IOException {
        List<Path> seen = new ArrayList<>();
        for (Path entry : entries) {
            Path place = OWN.resolve("classes").resolve(Integer.toString(seen.size() + 1));
            seen.add(show(entry, place.resolve(String.valueOf(entry.getFileName()))));
        }
        return seen;
    }

    /**
     * Shows it a JDK of this machine.
     *
     * @return the {@code java} as it sees it
     */
    Path java(Path executable) throws IOException {
        Path real = executable.toRealPath();
        Path bin = real.getParent();
        Path home = bin != null && bin.endsWith("bin") ? bin.getParent() : null;
        if (home == null) {
            throw new NoSuchFileException(real.toString(), null, "it is in no JDK");
        }
        return show(home, OWN.resolve("jdk")).resolve(home.relativize(real));
    }

    /**
     * Shows it a virtual environment, and the Python that this was made of where that is none of
     * the system's: its interpreter and its library at their own places, which it knows itself by.
     * One of the system's is the image's to have.
     *
     * @return the {@code python} as it sees it
     */
    Path python(Program.Python python) throws IOException {
        Path base = python.interpreter();
        if (Files.isSymbolicLink(base)) {
            base = base.resolveSibling(Files.readSymbolicLink(base)).normalize();
            if (OF_THE_IMAGE.stream().noneMatch(base::startsWith)) {
                show(base, base);
                Path library = base.resolveSibling("../lib").normalize();
                show(library, library);
            }
        }
        Path environment = python.environment();
        return show(environment, OWN.resolve("environment"))
                .resolve(environment.relativize(python.interpreter()));
    }

    List<Mount> all() {
        return List.copyOf(mounts);
    }
}
