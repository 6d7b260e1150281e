package dev.athanor.environment.sandbox;

import dev.athanor.runtime.SandboxMain;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The files of the runtime of Python sandboxes, which come with that of JVM sandboxes: unpacked
 * when the first of them is started, and again should they have gone. Safe for use by any thread.
 */
public final class PythonRuntime implements AutoCloseable {

    static final List<String> FILES =
            List.of(
                    "__main__.py",
                    "_athanor_frames.py",
                    "_athanor_json.py",
                    "_athanor_output.py",
                    "_athanor_supervisor.py",
                    "_athanor_worker.py");

    private static final String PLACE = "python/";
    private static final long COMPILE_SECONDS = 60;

    private final Path parent;
    private final Class<?> neighbour;
    private final ReentrantLock lock = new ReentrantLock();
    private final Set<Path> compiledBy = new HashSet<>(); // Guarded by the lock.
    private @Nullable Path folder; // Guarded by the lock.

    /**
     * @param parent where its folder goes; made when missing
     */
    public PythonRuntime(Path parent) {
        this(parent, SandboxMain.class);
    }

    /**
     * @param parent where its folder goes; made when missing
     * @param neighbour a class of the runtime of JVM sandboxes
     */
    PythonRuntime(Path parent, Class<?> neighbour) {
        this.parent = parent;
        this.neighbour = neighbour;
    }

    /**
     * The folder, with what the interpreter would otherwise compile at each start.
     *
     * @param interpreter that is to run it
     * @throws IOException if the files cannot be written
     */
    public Path folder(Path interpreter) throws IOException, InterruptedException {
        lock.lockInterruptibly();
        try {
            Path place = folder;
            if (place == null || !Files.exists(place.resolve(FILES.get(0)))) {
                place = unpack();
                folder = place;
                compiledBy.clear();
            }
            if (compiledBy.add(interpreter.toRealPath())) {
                compile(interpreter, place);
            }
            return place;
        } finally {
            lock.unlock();
        }
    }

    private Path unpack() throws IOException {
        Files.createDirectories(parent);
        Path place = Files.createTempDirectory(parent, "python-");
        boolean complete = false;
        try {
            for (String name : FILES) {
                try (InputStream content = neighbour.getResourceAsStream(PLACE + name)) {
                    if (content == null) {
                        throw new FileNotFoundException(name + " is not in the runtime's jar");
                    }
                    Files.copy(content, place.resolve(name));
                }
            }
            // For sandboxes of another user.
            Files.setPosixFilePermissions(place, PosixFilePermissions.fromString("rwxr-xr-x"));
            complete = true;
            return place;
        } finally {
            if (!complete) {
                FolderTree.delete(place);
            }
        }
    }

    /** Not compiled, it works as well, only more slowly; so a failure here is none. */
    private static void compile(Path interpreter, Path place)
            throws IOException, InterruptedException {
        Process process =
                new ProcessBuilder(
                                interpreter.toString(),
                                // Reads no file of the environment, which may have code to run.
                                "-I",
                                "-S",
                                "-m",
                                "compileall",
                                "-qq",
                                place.toString())
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
        try {
            process.getOutputStream().close();
            process.waitFor(COMPILE_SECONDS, TimeUnit.SECONDS);
        } finally {
            process.destroyForcibly();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            if (folder != null) {
                FolderTree.delete(folder);
                folder = null;
            }
        } finally {
            lock.unlock();
        }
    }
}
