package dev.athanor.environment.isolation;

import dev.athanor.environment.data.DataView;
import dev.athanor.environment.data.MountedData;
import dev.athanor.environment.machine.MachineTypes;
import dev.athanor.environment.sandbox.FolderTree;
import dev.athanor.environment.sandbox.Network;
import dev.athanor.environment.sandbox.ProcessLauncher;
import dev.athanor.environment.sandbox.SandboxKey;
import dev.athanor.environment.sandbox.SandboxLauncher;
import dev.athanor.environment.sandbox.SandboxSpec;
import dev.athanor.environment.sandbox.SecretValues;
import dev.athanor.environment.sandbox.StartFailedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The isolation that was chosen, and which of those that work here it is. Where it is by
 * bubblewrap, a sandbox has shown that it works.
 */
public final class IsolationChoice implements AutoCloseable {
    private static final Duration PROBE_TIMEOUT = Duration.ofSeconds(60);
    private static final String PROBE_TYPE = "XS";

    private final LauncherParts parts;
    private final @Nullable ProcessLauncher bubblewrap;
    private final String description;

    private IsolationChoice(
            LauncherParts parts, @Nullable ProcessLauncher bubblewrap, String description) {
        this.parts = parts;
        this.bubblewrap = bubblewrap;
        this.description = description;
    }

    /**
     * Chooses, and tries it with a sandbox that starts and ends.
     *
     * @param asked what is wanted
     * @param parts of the launcher
     * @param policy what the network is to sandboxes
     * @throws IsolationException if what was named does not work here, or nothing does
     */
    public static IsolationChoice make(Isolation asked, LauncherParts parts, NetworkPolicy policy)
            throws InterruptedException {
        String path = System.getenv("PATH");
        return make(asked, parts, policy, Tools.of(path == null ? "" : path));
    }

    static IsolationChoice make(
            Isolation asked, LauncherParts parts, NetworkPolicy policy, Tools tools)
            throws InterruptedException {
        return switch (asked) {
            case BUBBLEWRAP -> bubblewrap(parts, policy, tools);
            case PROCESS -> process(parts, policy, "as was chosen");
            case AUTO -> best(parts, policy, tools);
        };
    }

    private static IsolationChoice best(LauncherParts parts, NetworkPolicy policy, Tools tools)
            throws InterruptedException {
        try {
            return bubblewrap(parts, policy, tools);
        } catch (IsolationException e) {
            return process(parts, policy, e.reason());
        }
    }

    private static IsolationChoice process(
            LauncherParts parts, NetworkPolicy policy, String reason) {
        if (!policy.outbound()) {
            throw new IsolationException(
                    "processes cannot be kept from the network (%s): have --isolation bubblewrap"
                                    .formatted(reason)
                            + " work, or leave the network to functions");
        }
        return new IsolationChoice(
                parts,
                null,
                "%s (%s): functions run as this user, with its files and its network"
                        .formatted(Isolation.PROCESS, reason));
    }

    private static IsolationChoice bubblewrap(
            LauncherParts parts, NetworkPolicy policy, Tools tools) throws InterruptedException {
        ProcessLauncher launcher = null;
        boolean works = false;
        try {
            Bubblewrap enclosure = Bubblewrap.open(tools, policy);
            launcher =
                    new ProcessLauncher(
                            parts.java(),
                            parts.runtime(),
                            parts.socketFolder(),
                            parts.workFolder(),
                            parts.maxPayloadBytes(),
                            parts.limits(),
                            enclosure);
            probe(launcher, parts.workFolder());
            works = true;
            return new IsolationChoice(
                    parts, launcher, Isolation.BUBBLEWRAP + ": " + enclosure.description());
        } catch (IOException | StartFailedException e) {
            throw new IsolationException(
                    "bubblewrap does not work here: %s (%s)"
                            .formatted(e.getMessage(), remedy(policy)));
        } finally {
            if (launcher != null && !works) {
                launcher.close();
            }
        }
    }

    private static String remedy(NetworkPolicy policy) {
        return "it needs namespaces for users, or root with CAP_SYS_ADMIN, and with these"
                + (policy.outbound() ? " an openable /dev/net/tun, or --network none" : " no more")
                + "; --isolation process does without";
    }

    private static void probe(SandboxLauncher launcher, Path workFolder)
            throws IOException, InterruptedException {
        Files.createDirectories(workFolder);
        Path data = Files.createTempDirectory(workFolder, "probe-");
        try {
            launcher.launch(
                            new SandboxSpec(
                                    SandboxKey.of("", "", List.of(), PROBE_TYPE, Map.of()),
                                    MachineTypes.find(PROBE_TYPE).orElseThrow(),
                                    List.of(),
                                    data,
                                    SecretValues.NONE,
                                    Network.OUTBOUND,
                                    PROBE_TIMEOUT))
                    .close();
        } finally {
            FolderTree.delete(data);
        }
    }

    /** Which one it is. */
    public Isolation isolation() {
        return bubblewrap == null ? Isolation.PROCESS : Isolation.BUBBLEWRAP;
    }

    /** Says which one it is and what it means, to complete "isolation: …". */
    public String description() {
        return description;
    }

    /**
     * How sandboxes see their persistent folders.
     *
     * @param volume where these are; made when missing
     * @param needed what else sandboxes need to see
     * @throws IOException if the volume cannot be used
     */
    public DataView view(Path volume, List<Path> needed) throws IOException {
        if (bubblewrap == null) {
            return MountedData.find(volume, needed);
        }
        Files.createDirectories(volume);
        return new BoundData();
    }

    /**
     * The launcher.
     *
     * @param view how sandboxes see their persistent folders
     */
    public SandboxLauncher launcher(DataView view) {
        return bubblewrap == null
                ? new ProcessLauncher(
                        parts.java(),
                        parts.runtime(),
                        parts.socketFolder(),
                        parts.workFolder(),
                        parts.maxPayloadBytes(),
                        parts.limits(),
                        view)
                : bubblewrap;
    }

    /** Gives up what was made to try it. */
    @Override
    public void close() {
        if (bubblewrap != null) {
            bubblewrap.close();
        }
    }
}
