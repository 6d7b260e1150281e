package dev.athanor.environment.sandbox;

import dev.athanor.environment.data.DataView;
import dev.athanor.environment.limits.Limits;
import dev.athanor.runtime.SandboxMain;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.Objects;

/**
 * Launches sandboxes as child processes of this one, JVMs and Pythons, in an {@link Enclosure}.
 * Without one they run as this user, and where limits are not enforced, processes that a function
 * starts and leaves behind when it ends its sandbox itself are not found again.
 */
public final class ProcessLauncher implements SandboxLauncher {

    /** Largest arguments or result by default, in bytes: 64 MiB. */
    public static final long DEFAULT_PAYLOAD_BYTES = 64L << 20;

    private final SocketLauncher launcher;

    /**
     * Creates a launcher. Nothing is started yet, and no path is looked at.
     *
     * @param javaExecutable the {@code java} of a JDK 17 or newer
     * @param runtime jar or classes folder of the sandbox's runtime, see {@link #ownRuntime}
     * @param socketFolder where sockets go, see {@link SocketFolder#create}
     * @param workFolder where each sandbox gets a folder of its own; created when missing
     * @param limits enforces the sizes of machine types
     * @param data shows sandboxes their persistent folder
     */
    public ProcessLauncher(
            Path javaExecutable,
            Path runtime,
            Path socketFolder,
            Path workFolder,
            Limits limits,
            DataView data) {
        this(
                javaExecutable,
                runtime,
                socketFolder,
                workFolder,
                DEFAULT_PAYLOAD_BYTES,
                limits,
                data);
    }

    /**
     * Creates a launcher for payloads of another size.
     *
     * @param javaExecutable the {@code java} of a JDK 17 or newer
     * @param runtime jar or classes folder of the sandbox's runtime, see {@link #ownRuntime}
     * @param socketFolder where sockets go, see {@link SocketFolder#create}
     * @param workFolder where each sandbox gets a folder of its own; created when missing
     * @param maxPayloadBytes largest arguments or result, in bytes, 1 to 1 GiB; as much as that is
     *     held in memory for each call
     * @param limits enforces the sizes of machine types
     * @param data shows sandboxes their persistent folder
     */
    public ProcessLauncher(
            Path javaExecutable,
            Path runtime,
            Path socketFolder,
            Path workFolder,
            long maxPayloadBytes,
            Limits limits,
            DataView data) {
        this(
                javaExecutable,
                runtime,
                socketFolder,
                workFolder,
                maxPayloadBytes,
                limits,
                new OpenEnclosure(data));
    }

    /**
     * Creates a launcher for sandboxes in an enclosure.
     *
     * @param javaExecutable the {@code java} of a JDK 17 or newer
     * @param runtime jar or classes folder of the sandbox's runtime, see {@link #ownRuntime}
     * @param socketFolder where sockets go, see {@link SocketFolder#create}
     * @param workFolder where each sandbox gets a folder of its own; created when missing
     * @param maxPayloadBytes largest arguments or result, in bytes, 1 to 1 GiB; as much as that is
     *     held in memory for each call
     * @param limits enforces the sizes of machine types
     * @param enclosure keeps sandboxes apart; closed with the launcher
     */
    public ProcessLauncher(
            Path javaExecutable,
            Path runtime,
            Path socketFolder,
            Path workFolder,
            long maxPayloadBytes,
            Limits limits,
            Enclosure enclosure) {
        launcher =
                new SocketLauncher(
                        new ChildStarter(javaExecutable, runtime, workFolder, limits, enclosure),
                        socketFolder,
                        maxPayloadBytes);
    }

    /**
     * Finds the {@code java} that runs this process.
     *
     * @return its path
     */
    public static Path ownJava() {
        return Path.of(System.getProperty("java.home"), "bin", "java");
    }

    /**
     * Finds the runtime that this process was started with: a jar or a classes folder.
     *
     * @return its path
     * @throws IllegalStateException if it lies within another archive; give its path instead
     */
    public static Path ownRuntime() {
        CodeSource source = SandboxMain.class.getProtectionDomain().getCodeSource();
        try {
            URI location = source.getLocation().toURI();
            if (Objects.equals(location.getScheme(), "file")) {
                return Path.of(location);
            }
            throw new IllegalStateException(
                    "the sandbox's runtime lies in " + location + "; a plain file is needed");
        } catch (URISyntaxException e) {
            throw new IllegalStateException("the sandbox's runtime has no location", e);
        }
    }

    @Override
    public Sandbox launch(SandboxSpec spec) throws InterruptedException {
        return launcher.launch(spec);
    }

    @Override
    public void close() {
        launcher.close();
    }
}
