package dev.athanor.environment.isolation;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/**
 * A network namespace with a way out: slirp4netns, a process of this user, opens the connections
 * that are asked for in there, and rules that nobody in there can change say which ones may be
 * asked for. Both processes end with this one, whose pipes they hold.
 */
public final class OutboundNetwork implements AutoCloseable {
    // From the range for benchmarks of networks, which nobody routes to.
    private static final String NETWORK = "198.18.43.0/24";

    /** Where slirp4netns passes questions on to the machine's name server. */
    static final String NAME_SERVER = "198.18.43.3";

    private static final String MTU = "65520";
    private static final long PATIENCE_SECONDS = 10;

    /** Keeps the namespace, and sets its rules once told that the way out is there. */
    private static final String HOLD =
            "echo up && read -r _ && printf '%s\\n' \"$1\" | ip -batch - && echo ready"
                    + " && exec cat >/dev/null";

    /** Its only output is the sign that it is ready; later messages go nowhere, and do no harm. */
    private static final String CONNECT = "trap '' PIPE; exec 3>&1 1>&2; exec \"$@\"";

    private static final String UP = "up";
    private static final String READY = "ready";

    private final Process holder;
    private final boolean privileged;
    private volatile boolean connected;
    private final List<Process> processes = new CopyOnWriteArrayList<>();

    private OutboundNetwork(Process holder, boolean privileged) {
        this.holder = holder;
        this.privileged = privileged;
        processes.add(holder);
    }

    /**
     * Makes one.
     *
     * @param slirp the path of slirp4netns
     * @param privileged whether this process may make namespaces without one for users
     * @param denied IPv4 ranges that cannot be reached
     * @throws IOException if the operating system refuses; the message says why
     */
    static OutboundNetwork open(String slirp, boolean privileged, List<String> denied)
            throws IOException {
        return connected(new OutboundNetwork(hold(privileged, rules(denied)), privileged), slirp);
    }

    /**
     * Makes the way out of a namespace that is there, and has nothing but its loopback yet. Only
     * root can.
     *
     * @param slirp the path of slirp4netns
     * @param pid of a process in it
     * @param denied IPv4 ranges that cannot be reached
     * @throws IOException if the operating system refuses; the message says why
     */
    public static OutboundNetwork enter(String slirp, long pid, List<String> denied)
            throws IOException {
        List<String> way = List.of("nsenter", "--net=/proc/" + pid + "/ns/net");
        return connected(new OutboundNetwork(hold(way, rules(denied)), true), slirp);
    }

    private static OutboundNetwork connected(OutboundNetwork network, String slirp)
            throws IOException {
        CompletableFuture<Void> deadline =
                CompletableFuture.runAsync(
                        network::close,
                        CompletableFuture.delayedExecutor(PATIENCE_SECONDS, TimeUnit.SECONDS));
        try {
            network.connect(slirp);
            return network;
        } finally {
            deadline.cancel(false);
            if (!network.connected) {
                network.close();
            }
        }
    }

    private static Process hold(boolean privileged, String rules) throws IOException {
        List<String> command = new ArrayList<>(List.of("unshare", "--net"));
        if (!privileged) {
            command.addAll(List.of("--user", "--map-root-user"));
        }
        return hold(command, rules);
    }

    private static Process hold(List<String> way, String rules) throws IOException {
        List<String> command = new ArrayList<>(way);
        command.addAll(List.of("--", "/bin/sh", "-c", HOLD, "athanor", rules));
        return start(new ProcessBuilder(command).redirectErrorStream(true));
    }

    /** Nothing of this process's environment goes there. */
    private static Process start(ProcessBuilder builder) throws IOException {
        builder.environment().keySet().retainAll(List.of("PATH"));
        builder.environment().merge("PATH", ":/usr/sbin:/sbin", String::concat);
        return builder.start();
    }

    /** Rules come before routes, and the sandbox's own loopback before rules. */
    private static String rules(List<String> denied) {
        List<String> rules = new ArrayList<>();
        rules.add("rule add to " + NAME_SERVER + " ipproto udp dport 53 lookup main");
        rules.add("rule add to " + NAME_SERVER + " ipproto tcp dport 53 lookup main");
        rules.add("rule add to " + NETWORK + " prohibit");
        denied.forEach(range -> rules.add("rule add to " + range + " prohibit"));
        StringBuilder batch = new StringBuilder();
        for (int i = 0; i < rules.size(); i++) {
            batch.append(rules.get(i)).append(String.format(Locale.ROOT, " priority %d%n", i + 1));
        }
        return batch.toString();
    }

    private void connect(String slirp) throws IOException {
        expect(holder, UP, "no network namespace can be made");
        Process way =
                start(
                        new ProcessBuilder(
                                "/bin/sh",
                                "-c",
                                CONNECT,
                                "athanor",
                                slirp,
                                "--configure",
                                "--mtu=" + MTU,
                                "--cidr=" + NETWORK,
                                "--disable-host-loopback",
                                "--enable-sandbox",
                                "--enable-seccomp",
                                "--ready-fd=3",
                                "--exit-fd=0",
                                Long.toString(holder.pid()),
                                "tap0"));
        processes.add(way);
        if (way.getInputStream().read() < 0) {
            throw refused("slirp4netns gives no way out", text(way.getErrorStream()));
        }
        way.getInputStream().close();
        way.getErrorStream().close();
        holder.getOutputStream().write('\n');
        holder.getOutputStream().flush();
        expect(holder, READY, "the rules of a network namespace cannot be set");
        holder.getInputStream().close();
        connected = true;
    }

    private static void expect(Process process, String word, String failure) throws IOException {
        InputStream output = process.getInputStream();
        byte[] line = output.readNBytes(word.length() + 1);
        String said = new String(line, StandardCharsets.UTF_8);
        if (!said.equals(word + "\n")) {
            throw refused(failure, said + text(output));
        }
    }

    private static String text(InputStream output) throws IOException {
        return new String(output.readAllBytes(), StandardCharsets.UTF_8);
    }

    private static IOException refused(String failure, String said) {
        String reason = said.strip().replaceAll("\\s+", " ");
        return new IOException(
                failure
                        + (reason.isEmpty()
                                ? " within " + Duration.ofSeconds(PATIENCE_SECONDS)
                                : ": " + reason));
    }

    /** What has a command run in there, with the same process id. */
    List<String> prefix() {
        String namespaces = "/proc/" + holder.pid() + "/ns/";
        return privileged
                ? List.of("nsenter", "--net=" + namespaces + "net", "--")
                : List.of(
                        "nsenter",
                        "--preserve-credentials",
                        "--user=" + namespaces + "user",
                        "--net=" + namespaces + "net",
                        "--");
    }

    @Override
    public void close() {
        processes.forEach(process -> process.toHandle().destroyForcibly());
    }
}
