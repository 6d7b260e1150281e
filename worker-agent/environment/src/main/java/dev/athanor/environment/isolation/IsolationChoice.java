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
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The isolation that was chosen, and which of those that work here it is. Where it is by
 * bubblewrap, a sandbox has shown that it works.
 */
public final class IsolationChoice implements AutoCloseable {
    private static final Duration PROBE_TIMEOUT = Duration.ofSeconds(60);
    private static final String PROBE_TYPE = "XS";

    private final LauncherParts parts;
    private final Isolation isolation;
    private final @Nullable SandboxLauncher enclosed;
    private final BooleanSupplier available;
    private final String description;

    /**
     * @param enclosed the launcher; null: bare processes, whose launcher is made when it is known
     *     how they see their data
     */
    private IsolationChoice(
            LauncherParts parts,
            Isolation isolation,
            @Nullable SandboxLauncher enclosed,
            BooleanSupplier available,
            String description) {
        this.parts = parts;
        this.isolation = isolation;
        this.enclosed = enclosed;
        this.available = available;
        this.description = description;
    }

    /**
     * Chooses, and tries it with a sandbox that starts and ends.
     *
     * @param asked what is wanted
     * @param parts of the launcher
     * @param policy what the network is to sandboxes
     * @param containers opens launchers of containers
     * @throws IsolationException if what was named does not work here, or nothing does
     */
    public static IsolationChoice make(
            Isolation asked, LauncherParts parts, NetworkPolicy policy, Containers containers)
            throws InterruptedException {
        return make(asked, parts, policy, containers, Tools.ofThisMachine());
    }

    static IsolationChoice make(
            Isolation asked,
            LauncherParts parts,
            NetworkPolicy policy,
            Containers containers,
            Tools tools)
            throws InterruptedException {
        return switch (asked) {
            case BUBBLEWRAP -> bubblewrap(parts, policy, tools);
            case DOCKER -> docker(parts, policy, containers);
            case PROCESS -> process(parts, policy, "as was chosen");
            case AUTO -> best(parts, policy, containers, tools);
        };
    }

    /** Bubblewrap before containers, since its sandboxes start in less than half the time. */
    private static IsolationChoice best(
            LauncherParts parts, NetworkPolicy policy, Containers containers, Tools tools)
            throws InterruptedException {
        String reason;
        try {
            return bubblewrap(parts, policy, tools);
        } catch (IsolationException e) {
            reason = e.reason();
        }
        if (containers.equals(Containers.NONE)) {
            return process(parts, policy, reason);
        }
        try {
            return docker(parts, policy, containers);
        } catch (IsolationException e) {
            return process(parts, policy, reason + "; " + e.reason());
        }
    }

    private static IsolationChoice docker(
            LauncherParts parts, NetworkPolicy policy, Containers containers)
            throws InterruptedException {
        Containers.Opened opened = null;
        boolean works = false;
        try {
            opened = containers.open(parts, policy);
            probe(opened.launcher(), parts.workFolder());
            works = true;
            return new IsolationChoice(
                    parts,
                    Isolation.DOCKER,
                    opened.launcher(),
                    opened.isAvailable(),
                    Isolation.DOCKER + ": " + opened.description());
        } catch (IOException | StartFailedException e) {
            throw new IsolationException(
                    "docker does not work here: %s; --isolation bubblewrap or process does without"
                            .formatted(e.getMessage()));
        } finally {
            if (opened != null && !works) {
                opened.launcher().close();
            }
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
                Isolation.PROCESS,
                null,
                () -> true,
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
                    parts,
                    Isolation.BUBBLEWRAP,
                    launcher,
                    () -> true,
                    Isolation.BUBBLEWRAP + ": " + enclosure.description());
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
        return isolation;
    }

    /** Tells whether sandboxes can be started now, as far as that depends on something else. */
    public boolean isAvailable() {
        return available.getAsBoolean();
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
        if (enclosed == null) {
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
        return enclosed == null
                ? new ProcessLauncher(
                        parts.java(),
                        parts.runtime(),
                        parts.socketFolder(),
                        parts.workFolder(),
                        parts.maxPayloadBytes(),
                        parts.limits(),
                        view)
                : enclosed;
    }

    /** Gives up what was made to try it. */
    @Override
    public void close() {
        if (enclosed != null) {
            enclosed.close();
        }
    }
}
