package dev.athanor.environment.isolation;

import dev.athanor.environment.sandbox.Enclosure;
import dev.athanor.environment.sandbox.HostFiles;
import dev.athanor.environment.sandbox.Network;
import dev.athanor.environment.sandbox.Program;
import dev.athanor.environment.sandbox.Room;
import dev.athanor.environment.sandbox.SandboxSpec;
import dev.athanor.environment.sandbox.StartFailedException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Keeps sandboxes in namespaces of their own, without any capability, as another user, with a
 * filter of system calls, and with nothing of this machine's files but programs, libraries and what
 * was given to them.
 */
final class Bubblewrap implements Enclosure {
    /** Leaves a function that opens files without end a failure of its own. */
    private static final String LIMIT =
            "ulimit -c 0; ulimit -n 16384 2>/dev/null; [ -z \"$1\" ] || exec 3<\"$1\" || exit 126;"
                    + " shift; exec \"$@\"";

    /** Bubblewrap itself and the first process of the sandbox, its reaper. */
    private static final int PROCESSES_ABOVE = 2;

    private static final List<String> RIGHTS_TO_BECOME_THE_USER =
            List.of("CAP_SETUID", "CAP_SETGID", "CAP_SETPCAP");

    private final String bwrap;
    private final String slirp;
    private final String setpriv;
    private final NetworkPolicy policy;
    private final SandboxUser user;
    private final ProvidedFiles files;

    private Bubblewrap(
            String bwrap,
            String slirp,
            String setpriv,
            NetworkPolicy policy,
            SandboxUser user,
            ProvidedFiles files) {
        this.bwrap = bwrap;
        this.slirp = slirp;
        this.setpriv = setpriv;
        this.policy = policy;
        this.user = user;
        this.files = files;
    }

    /**
     * Makes one.
     *
     * @throws IsolationException if a program is missing that it needs
     * @throws IOException if its files cannot be written
     */
    static Bubblewrap open(Tools tools, NetworkPolicy policy) throws IOException {
        String bwrap = tools.find("bwrap", "bubblewrap");
        SandboxUser user = SandboxUser.find();
        String setpriv = user.privileged() ? tools.find("setpriv", "util-linux") : "";
        String slirp = "";
        if (policy.outbound()) {
            slirp = tools.find("slirp4netns", "slirp4netns");
            tools.find("nsenter", "util-linux");
            tools.find("unshare", "util-linux");
            tools.find("ip", "iproute2");
        }
        return new Bubblewrap(
                bwrap, slirp, setpriv, policy, user, ProvidedFiles.write(SandboxUser.NUMBER));
    }

    /** What it holds, to complete "isolation: bubblewrap, …". */
    String description() {
        String network =
                policy.outbound()
                        ? "outbound network but for this machine and the cluster"
                        : "no network";
        String as =
                user.privileged()
                        ? "functions run as user " + SandboxUser.NUMBER
                        : "functions run as this user, without its files";
        String filter = files.filter().isPresent() ? "" : ", without a filter of system calls";
        return as + ", " + network + filter;
    }

    @Override
    public Room room(SandboxSpec spec, HostFiles host) throws IOException {
        boolean connected = spec.network() == Network.OUTBOUND && policy.outbound();
        user.admit(host.socket());
        user.give(spec.dataFolder());
        OutboundNetwork network = connected ? network() : null;
        boolean made = false;
        try {
            Room room = room(spec, host, network);
            made = true;
            return room;
        } finally {
            if (!made && network != null) {
                network.close();
            }
        }
    }

    private OutboundNetwork network() throws IOException {
        try {
            return OutboundNetwork.open(slirp, user.privileged(), policy.ranges());
        } catch (IOException e) {
            throw StartFailedException.failed(
                    "a sandbox has no network that is kept from its machine's own: "
                            + e.getMessage(),
                    e);
        }
    }

    private Room room(SandboxSpec spec, HostFiles host, @Nullable OutboundNetwork network)
            throws IOException {
        BubblewrapCommand command =
                new BubblewrapCommand(bwrap).system().memory(spec.machineType());
        for (var provided : files.places().entrySet()) {
            command.show(provided.getValue(), Path.of(provided.getKey()));
        }
        if (network == null) {
            command.add("--unshare-net");
        } else {
            command.show(files.resolver(), Path.of("/etc/resolv.conf"));
        }
        Path program =
                spec.program() instanceof Program.Python python
                        ? command.python(python)
                        : command.java(host.program());
        Path runtime =
                command.show(
                        host.runtime(),
                        BubblewrapCommand.OWN
                                .resolve("runtime")
                                .resolve(String.valueOf(host.runtime().getFileName())));
        Path socket = command.open(host.socket(), BubblewrapCommand.OWN.resolve("socket"));
        List<Path> classPath = command.classPath(spec.classPath());
        command.open(spec.dataFolder(), Path.of(BubblewrapCommand.DATA));
        command.add("--remount-ro", "/", "--chdir", BubblewrapCommand.WORK);
        return new Room(
                program,
                runtime,
                Path.of(BubblewrapCommand.WORK),
                socket,
                classPath,
                BubblewrapCommand.DATA,
                prefix(command, network),
                PROCESSES_ABOVE,
                network == null ? () -> {} : network::close);
    }

    private List<String> prefix(BubblewrapCommand command, @Nullable OutboundNetwork network) {
        files.filter().ifPresent(filter -> command.add("--seccomp", "3"));
        if (user.privileged()) {
            RIGHTS_TO_BECOME_THE_USER.forEach(right -> command.add("--cap-add", right));
            command.add(
                    "--",
                    setpriv,
                    "--reuid=" + SandboxUser.NUMBER,
                    "--regid=" + SandboxUser.NUMBER,
                    "--clear-groups",
                    "--bounding-set=-all",
                    "--inh-caps=-all",
                    "--ambient-caps=-all",
                    "--no-new-privs",
                    "--");
        } else {
            String number = Integer.toString(SandboxUser.NUMBER);
            command.add("--unshare-user", "--uid", number, "--gid", number, "--");
        }
        List<String> prefix =
                new ArrayList<>(
                        List.of(
                                "/bin/sh",
                                "-c",
                                LIMIT,
                                "athanor",
                                files.filter().map(Path::toString).orElse("")));
        if (network != null) {
            prefix.addAll(network.prefix());
        }
        prefix.addAll(command.arguments());
        return prefix;
    }

    @Override
    public void close() {
        files.close();
    }
}
