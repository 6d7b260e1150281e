package dev.athanor.environment.isolation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import dev.athanor.environment.limits.ControlGroups;
import dev.athanor.environment.limits.Limits;
import dev.athanor.environment.sandbox.CallResult;
import dev.athanor.environment.sandbox.Sandbox;
import dev.athanor.environment.testing.Calls;
import dev.athanor.environment.testing.Escapes;
import dev.athanor.environment.testing.Function;
import dev.athanor.environment.testing.Functions;
import dev.athanor.environment.testing.Launchers;
import dev.athanor.environment.testing.RecordedLines;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Attempts of user code to leave its sandbox or to harm what is outside. Each fails or is
 * contained, and after each the next sandbox serves; {@code docs/isolation.md} lists them.
 */
@ParameterizedClass(allowZeroInvocations = true)
@MethodSource("dev.athanor.environment.isolation.Enclosures#hardened")
class EscapeIT {
    /** What a sandbox of the machine type XS may have of each. */
    private static final int MOST_PROCESSES = 1_024;

    private static final int MOST_FILES = 16_384;
    private static final int WORK_MIB = 128;
    private static final int SHARED_MEMORY_MIB = 64;

    private final Limits limits = ControlGroups.find(false);

    @Parameter private Isolation isolation;
    @TempDir private Path secret;
    private Launchers launchers;
    private Sandbox sandbox;

    @BeforeEach
    void launch() throws Exception {
        Files.writeString(secret.resolve("key"), "secret");
        launchers = new Launchers(isolation, limits);
        sandbox = launchers.launcher().launch(launchers.spec("XS"));
    }

    /** What happened to the one sandbox has not happened to the agent. */
    @AfterEach
    void theNextSandboxServes() throws Exception {
        sandbox.close();
        try (Sandbox next = launchers.launcher().launch(launchers.spec("XS"))) {
            assertThat(value(next, Functions.hello())).isEqualTo("Hello World");
        }
        launchers.close();
    }

    @Test
    void theAgentsEnvironmentIsNotThere() throws Exception {
        assertThat(System.getenv()).containsKey("JAVA_HOME");
        assertThat(value(Escapes.variablesOfAnyProcess()))
                .asInstanceOf(InstanceOfAssertFactories.collection(String.class))
                .isSubsetOf(
                        Set.of(
                                "",
                                "PATH",
                                "PWD",
                                // Of a container's first process: no name of this machine.
                                "HOSTNAME",
                                "LANG",
                                "LC_CTYPE",
                                "TZ",
                                "HOME",
                                "TMPDIR",
                                "ATHANOR_DATA"));
    }

    @Test
    void theAgentsFilesAreNotThere() throws Exception {
        assertSeesNone(
                secret.resolve("key").toString(),
                launchers.work().toString(),
                launchers.sockets().toString(),
                System.getProperty("user.dir"),
                "/root",
                "/home",
                "/var",
                "/etc/shadow",
                "/etc/ssl/private",
                "/sys/fs/cgroup",
                "/run/athanor",
                "/run/docker.sock",
                "/var/run/docker.sock");
        if (isolation == Isolation.BUBBLEWRAP) {
            // A container's first process is of its user, and sees what that sees.
            assertSeesNone("/proc/1/root/etc");
        }
    }

    @Test
    void otherTenantsDataIsNotThere() throws Exception {
        Path other = Files.createTempDirectory("athanor-data-");
        try {
            assertSeesNone(other.toString(), launchers.data().toString());
        } finally {
            Files.delete(other);
        }
    }

    private void assertSeesNone(String... files) throws Exception {
        assertThat(value(Escapes.seeing(files))).isEqualTo(List.of());
    }

    @Test
    void theMachineAndTheClusterCannotBeReached() throws Exception {
        try (ServerSocket kafka = new ServerSocket(0, 5, InetAddress.getByName("0.0.0.0"))) {
            kafka.setSoTimeout(200);
            List<String> addresses = new ArrayList<>();
            for (String host : ownAddresses()) {
                addresses.add(host + ":" + kafka.getLocalPort());
            }
            addresses.add("localhost:" + kafka.getLocalPort());
            addresses.add("198.18.43.2:" + kafka.getLocalPort());
            addresses.add("198.18.43.3:" + kafka.getLocalPort());
            addresses.add("255.255.255.255:" + kafka.getLocalPort());
            addresses.add("169.254.169.254:80");
            addresses.add("169.254.169.254:53");

            assertThat(value(Escapes.connecting(addresses.toArray(String[]::new))))
                    .isEqualTo(List.of());
            assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(kafka::accept);
        }
    }

    private static List<String> ownAddresses() throws IOException {
        return NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(Inet4Address.class::isInstance)
                .map(InetAddress::getHostAddress)
                .toList();
    }

    @Test
    void whatTheOperatorDeniesCannotBeReached() throws Exception {
        NetworkPolicy policy = NetworkPolicy.open().denying(List.of("203.0.113.0/24"));
        try (Launchers denying = new Launchers(isolation, limits, policy);
                Sandbox denied = denying.launcher().launch(denying.spec("XS"))) {
            RecordedLines lines = new RecordedLines();
            call(denied, Escapes.connecting("203.0.113.80:80"), lines);

            assertThat(lines.lines())
                    .singleElement()
                    .asString()
                    .contains("203.0.113.80:80", "Permission denied");
        }
    }

    private static void call(Sandbox sandbox, Function<?> function, RecordedLines lines) {
        sandbox.invoke(Calls.of(function), lines).join();
    }

    @Test
    void withoutNetworkNothingCanBeReached() throws Exception {
        try (Sandbox alone = launchers.launcher().launch(launchers.specWithoutNetwork())) {
            assertThat(value(alone, Escapes.line("/proc/net/route", "tap0"))).isEqualTo("");
            assertThat(value(alone, Escapes.connecting("203.0.113.80:80", "192.0.2.1:53")))
                    .isEqualTo(List.of());
        }
    }

    @Test
    void theSocketOfTheAgentTakesNobodyElse() throws Exception {
        assertThat(value(Escapes.connectingTo("/athanor/socket"))).isEqualTo(false);
    }

    @Test
    void nothingThatOthersLoadCanBeChanged() throws Exception {
        String own = Escapes.class.getName().replace('.', '/') + ".class";
        assertThat(
                        value(
                                Escapes.changing(
                                        "/athanor/classes/1/"
                                                + Launchers.functions().getFileName()
                                                + "/"
                                                + own,
                                        "/athanor/classes/2",
                                        "/athanor/runtime/x",
                                        "/athanor/jdk/lib/modules",
                                        "/opt/athanor/jre/lib/modules",
                                        "/athanor/pipes/x",
                                        "/usr/bin/true",
                                        "/usr/x",
                                        "/etc/passwd",
                                        "/etc/x",
                                        "/x",
                                        "/dev/x",
                                        "/proc/sys/kernel/core_pattern",
                                        "/proc/sysrq-trigger")))
                .isEqualTo(List.of());
        assertThat(Launchers.functions().resolve(own)).exists();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "mount -t tmpfs none /tmp",
                "mount --bind /tmp /data",
                "umount /data",
                "mknod /tmp/disk b 254 0",
                "chroot / true",
                "unshare --user true",
                "unshare --map-root-user --net true",
                "unshare --mount true",
                "nsenter --target 1 --mount true",
                "setpriv --reuid=0 true",
                "su -c true",
                "chown 0 /tmp",
                "cat /proc/1/mem",
                "cat /proc/kcore",
                "dmesg",
                "hostname other",
                "ip link add name x type dummy",
                "ip rule flush",
                "renice -n -5 -p 1"
            })
    void rightsCannotBeHad(String command) throws Exception {
        assertThat(value(Escapes.running("/bin/sh", "-c", command))).isNotEqualTo(0);
    }

    @Test
    void theFirstProcessIsNotKilled() throws Exception {
        value(Escapes.running("/bin/sh", "-c", "kill -9 1; kill -STOP 1"));

        assertThat(value(Functions.hello())).isEqualTo("Hello World");
    }

    @Test
    void thereAreNoRightsAndThereIsAFilter() throws Exception {
        for (String set : new String[] {"CapInh:", "CapPrm:", "CapEff:", "CapBnd:", "CapAmb:"}) {
            assertThat(value(Escapes.line("/proc/self/status", set))).isEqualTo("0000000000000000");
        }
        assertThat(value(Escapes.line("/proc/self/status", "NoNewPrivs:"))).isEqualTo("1");
        assertThat(value(Escapes.line("/proc/self/status", "Seccomp:"))).isEqualTo("2");
        assertThat((String) value(Escapes.line("/proc/self/status", "Uid:"))).startsWith("10001");
        assertThat((String) value(Escapes.line("/proc/self/status", "Gid:"))).startsWith("10001");
    }

    @Test
    void diskAndSharedMemoryAreBounded() throws Exception {
        assertThat((Integer) value(Escapes.fillingWith("/tmp/bomb"))).isLessThanOrEqualTo(WORK_MIB);
        assertThat((Integer) value(Escapes.fillingWith("/dev/shm/bomb")))
                .isLessThanOrEqualTo(SHARED_MEMORY_MIB);
    }

    @Test
    void openFilesAreBounded() throws Exception {
        assertThat((Integer) value(Escapes.openingFiles())).isLessThan(MOST_FILES);
    }

    @Test
    void processesAreBounded() throws Exception {
        assumeThat(limits.isComplete()).isTrue();
        CallResult result = result(sandbox, Escapes.startingProcesses(2 * MOST_PROCESSES));

        // It may have been so many that its memory was short first.
        assertThat(result)
                .satisfiesAnyOf(
                        some ->
                                assertThat(
                                                (Integer)
                                                        Calls.read(
                                                                ((CallResult.Succeeded) some)
                                                                        .bytes()))
                                        .isLessThan(MOST_PROCESSES),
                        none -> assertThat(none).isInstanceOf(CallResult.Died.class),
                        none -> assertThat(none).isInstanceOf(CallResult.Threw.class));
    }

    @Test
    void killingEverythingKillsThatSandboxAlone() throws Exception {
        try (Sandbox neighbour = launchers.launcher().launch(launchers.spec("XS"))) {
            assertThat(result(sandbox, Escapes.running("/bin/sh", "-c", "kill -9 -1")))
                    .isInstanceOf(CallResult.Died.class);
            assertThat(value(neighbour, Functions.hello())).isEqualTo("Hello World");
        }
    }

    @Test
    void nothingOutlivesItsSandbox() throws Exception {
        // Told apart by how long it would sleep.
        String seconds = "601." + ProcessHandle.current().pid();
        value(Escapes.leavingAProcess(seconds));
        await().until(() -> ProcessHandle.allProcesses().anyMatch(each -> has(each, seconds)));

        sandbox.close();

        await().until(() -> ProcessHandle.allProcesses().noneMatch(each -> has(each, seconds)));
    }

    private static boolean has(ProcessHandle process, String argument) {
        return process.info().arguments().map(List::of).orElseGet(List::of).contains(argument);
    }

    private Object value(Function<?> function) throws Exception {
        return value(sandbox, function);
    }

    private static Object value(Sandbox sandbox, Function<?> function) throws Exception {
        CallResult result = result(sandbox, function);
        assertThat(result).isInstanceOf(CallResult.Succeeded.class);
        return Calls.read(((CallResult.Succeeded) result).bytes());
    }

    private static CallResult result(Sandbox sandbox, Function<?> function) throws Exception {
        return sandbox.invoke(Calls.of(function), new RecordedLines()).get();
    }
}
