package dev.athanor.environment.isolation;

import dev.athanor.environment.machine.MachineType;
import dev.athanor.environment.sandbox.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Puts a command of bubblewrap together: what a sandbox sees is what was named here, nothing else.
 */
final class BubblewrapCommand {
    /** Working directory, home and folder for temporary files. */
    static final String WORK = "/tmp";

    static final String DATA = "/data";
    static final String HOST_NAME = "sandbox";

    /** What is ours in there. */
    static final Path OWN = Path.of("/athanor");

    private static final Path USR = Path.of("/usr");

    /** Links into {@code /usr}, or folders of their own on older systems. */
    private static final List<String> BESIDE_USR =
            List.of("/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32");

    /** What programs read of this machine's settings; nothing in there is secret. */
    private static final List<String> SETTINGS =
            List.of(
                    "/etc/alternatives",
                    "/etc/ca-certificates",
                    "/etc/ca-certificates.conf",
                    "/etc/crypto-policies",
                    "/etc/fonts",
                    "/etc/gai.conf",
                    "/etc/ld.so.cache",
                    "/etc/ld.so.conf",
                    "/etc/ld.so.conf.d",
                    "/etc/localtime",
                    "/etc/mime.types",
                    "/etc/pki/ca-trust",
                    "/etc/pki/java",
                    "/etc/pki/tls/certs",
                    "/etc/protocols",
                    "/etc/services",
                    "/etc/ssl/certs",
                    "/etc/ssl/openssl.cnf",
                    "/etc/timezone");

    /** Of the machine type's memory, to which they count. */
    private static final long WORK_SHARE = 2;

    private static final long SHARED_MEMORY_SHARE = 4;

    private final List<String> arguments = new ArrayList<>();
    private final Set<Path> folders = new LinkedHashSet<>();

    BubblewrapCommand(String bwrap) {
        add(
                bwrap,
                "--unshare-pid",
                "--unshare-ipc",
                "--unshare-uts",
                "--unshare-cgroup-try",
                "--hostname",
                HOST_NAME,
                "--die-with-parent",
                "--new-session",
                "--cap-drop",
                "ALL");
    }

    BubblewrapCommand add(String... more) {
        arguments.addAll(List.of(more));
        return this;
    }

    /** The programs and libraries of this machine. */
    BubblewrapCommand system() throws IOException {
        add("--ro-bind", USR.toString(), USR.toString());
        for (String name : BESIDE_USR) {
            Path path = Path.of(name);
            if (Files.isSymbolicLink(path)) {
                add("--symlink", Files.readSymbolicLink(path).toString(), name);
            } else if (Files.isDirectory(path)) {
                add("--ro-bind", name, name);
            }
        }
        for (String setting : SETTINGS) {
            Path path = Path.of(setting);
            if (Files.exists(path)) {
                show(path, path);
            }
        }
        return this;
    }

    /** What is not on any disk. */
    BubblewrapCommand memory(MachineType machineType) {
        return add("--proc", "/proc", "--dev", "/dev")
                .tmpfs("/dev/shm", machineType.memoryBytes() / SHARED_MEMORY_SHARE)
                .add("--remount-ro", "/dev")
                .tmpfs(WORK, machineType.memoryBytes() / WORK_SHARE);
    }

    private BubblewrapCommand tmpfs(String path, long bytes) {
        return add("--perms", "1777", "--size", Long.toString(bytes), "--tmpfs", path);
    }

    /**
     * Shows it a file or folder that it cannot change.
     *
     * @return where it is seen
     * @throws NoSuchFileException if it is not there
     */
    Path show(Path path, Path seen) throws IOException {
        return bind("--ro-bind", path, seen);
    }

    /** Shows it a folder or socket that it can write to. */
    Path open(Path path, Path seen) throws IOException {
        return bind("--bind", path, seen);
    }

    private Path bind(String how, Path path, Path seen) throws IOException {
        if (!Files.exists(path)) {
            throw new NoSuchFileException(path.toString(), null, "it is not there");
        }
        folder(seen.getParent());
        add(how, path.toString(), seen.toString());
        return seen;
    }

    /** Its own would be closed to all but the owner. */
    private void folder(@Nullable Path folder) {
        if (folder == null || folder.getParent() == null) {
            return;
        }
        folder(folder.getParent());
        if (folders.add(folder)) {
            add("--perms", "0755", "--dir", folder.toString());
        }
    }

    /**
     * Shows it a JDK, at its own place where that is below {@code /usr}.
     *
     * @return the {@code java} as it sees it
     */
    Path java(Path executable) throws IOException {
        Path real = executable.toRealPath();
        if (real.startsWith(USR)) {
            return real;
        }
        Path bin = real.getParent();
        Path home = bin != null && bin.endsWith("bin") ? bin.getParent() : null;
        return home == null
                ? show(real, OWN.resolve("java"))
                : show(home, OWN.resolve("jdk")).resolve(home.relativize(real));
    }

    /**
     * Shows it a virtual environment, and the Python that this was made of: its interpreter and its
     * library at their own places, which it knows itself by; nothing else that lies beside them.
     *
     * @return the {@code python} as it sees it
     */
    Path python(Program.Python python) throws IOException {
        Path base = python.interpreter();
        if (Files.isSymbolicLink(base)) {
            base = base.resolveSibling(Files.readSymbolicLink(base)).normalize();
            if (!isOfSystem(base)) {
                show(base, base);
                Path library = base.resolveSibling("../lib").normalize();
                show(library, library);
            }
        }
        Path environment = python.environment();
        return show(environment, OWN.resolve("environment"))
                .resolve(environment.relativize(python.interpreter()));
    }

    private static boolean isOfSystem(Path path) {
        return path.startsWith(USR) || BESIDE_USR.stream().anyMatch(path::startsWith);
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

    /** All of it. */
    List<String> arguments() {
        return List.copyOf(arguments);
    }
}
