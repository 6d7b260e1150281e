package dev.athanor.environment.isolation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import dev.athanor.environment.limits.ControlGroups;
import dev.athanor.environment.limits.Limits;
import dev.athanor.environment.sandbox.CallResult;
import dev.athanor.environment.sandbox.Sandbox;
import dev.athanor.environment.testing.Launchers;
import dev.athanor.environment.testing.PythonCalls;
import dev.athanor.environment.testing.Pythons;
import dev.athanor.environment.testing.RecordedLines;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@link EscapeIT} tries in Java, tried in Python, and what only Python can try. */
@ParameterizedClass(allowZeroInvocations = true)
@MethodSource("dev.athanor.environment.isolation.Enclosures#hardened")
class PythonEscapeIT {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int MOST_PROCESSES = 1_024;

    @TempDir private static Path folder;
    private static PythonCalls calls;

    private final Limits limits = ControlGroups.find(false);

    @Parameter private Isolation isolation;
    private Launchers launchers;
    private Sandbox sandbox;

    @BeforeAll
    static void buildEnvironment() throws InterruptedException {
        Pythons.needUv();
        calls = PythonCalls.in(folder);
    }

    @BeforeEach
    void launch() throws Exception {
        launchers = new Launchers(isolation, limits);
        sandbox = next();
    }

    /** What happened to the one sandbox has not happened to the agent, nor to the next. */
    @AfterEach
    void theNextSandboxServes() throws Exception {
        sandbox.close();
        try (Sandbox next = next()) {
            assertThat(value(next, "def f(): return 'served'")).isEqualTo("'served'");
        }
        launchers.close();
    }

    private Sandbox next() throws InterruptedException {
        return launchers.launcher().launch(launchers.spec("XS", calls.python()));
    }

    @Test
    void theAgentsEnvironmentIsNotThere() throws Exception {
        assertThat(System.getenv()).containsKey("JAVA_HOME");
        String program =
                """
                def f():
                    import glob
                    seen = set()
                    for file in glob.glob('/proc/[0-9]*/environ'):
                        try:
                            seen |= {v.split('=')[0] for v in open(file).read().split('\\0')}
                        except OSError:
                            pass
                    return sorted(seen - {'', 'PATH', 'PWD', 'HOSTNAME', 'LANG', 'LC_CTYPE', 'TZ', 'HOME',
                                          'TMPDIR', 'ATHANOR_DATA'})
                """;

        assertThat(value(program)).isEqualTo("[]");
    }

    @Test
    void theAgentsFilesAndOtherTenantsAreNotThere() throws Exception {
        Path other = Files.createTempDirectory("athanor-data-");
        List<String> files =
                List.of(
                        other.toString(),
                        launchers.data().toString(),
                        launchers.work().toString(),
                        launchers.sockets().toString(),
                        folder.resolve("cache").toString(),
                        System.getProperty("user.dir"),
                        "/root/.ssh",
                        "/root/.m2",
                        "/home",
                        "/var",
                        "/etc/shadow",
                        "/sys/fs/cgroup",
                        "/run/docker.sock",
                        // A container's first process is of its user, and sees what that sees.
                        isolation == Isolation.BUBBLEWRAP ? "/proc/1/root/etc" : "/etc/shadow");
        try {
            assertThat(
                            value(
                                    """
                                    def f():
                                        import os
                                        return [p for p in '%s'.split() if os.path.exists(p)]
                                    """
                                            .formatted(String.join(" ", files))))
                    .isEqualTo("[]");
        } finally {
            Files.delete(other);
        }
    }

    @Test
    void theMachineAndItsMetadataCannotBeReached() throws Exception {
        try (ServerSocket kafka = new ServerSocket(0, 5, InetAddress.getByName("0.0.0.0"))) {
            kafka.setSoTimeout(200);
            String program =
                    """
                    def f():
                        import socket
                        reached = []
                        for address in [('%s', %d), ('127.0.0.1', %d), ('169.254.169.254', 80)]:
                            try:
                                socket.create_connection(address, 2).close()
                                reached.append(address)
                            except OSError:
                                pass
                        return reached
                    """
                            .formatted(
                                    InetAddress.getLocalHost().getHostAddress(),
                                    kafka.getLocalPort(),
                                    kafka.getLocalPort());

            assertThat(value(program)).isEqualTo("[]");
            assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(kafka::accept);
        }
    }

    @Test
    void theSocketOfTheAgentTakesNobodyElse() throws Exception {
        assertThat(
                        value(
                                """
                                def f():
                                    import socket
                                    with socket.socket(socket.AF_UNIX) as agent:
                                        return agent.connect_ex('/athanor/socket') != 0
                                """))
                .isEqualTo("True");
    }

    @Test
    void nothingThatOthersLoadCanBeChanged() throws Exception {
        String program =
                """
                def f():
                    import cloudpickle, os, sys
                    interpreter = os.path.realpath(sys.executable)
                    changed = []
                    for file in [cloudpickle.__file__, cloudpickle.__cached__,
                                 os.path.dirname(cloudpickle.__file__) + '/../evil.pth',
                                 sys.prefix + '/pyvenv.cfg', sys.executable, interpreter,
                                 os.__file__, os.path.dirname(os.__file__) + '/evil.py',
                                 '/athanor/runtime/__main__.py', '/athanor/evil', '/usr/bin/true',
                                 '/etc/passwd', '/evil', '/proc/sys/kernel/core_pattern']:
                        try:
                            open(file, 'a').close()
                            changed.append(file)
                        except OSError:
                            pass
                        try:
                            os.unlink(file)
                            changed.append(file)
                        except OSError:
                            pass
                    return changed
                """;

        assertThat(value(program)).isEqualTo("[]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "os.setuid(0)",
                "os.setgid(0)",
                "os.setgroups([0])",
                "os.chroot('/tmp')",
                "os.mknod('/tmp/disk', 0o60600, os.makedev(254, 0))",
                "os.chown('/tmp', 0, 0)",
                "os.nice(-5)",
                "open('/proc/1/mem', 'rb').read(1)",
                "call(libc.mount(b'none', b'/tmp', b'tmpfs', 0, None))",
                "call(libc.umount2(b'/data', 2))",
                "call(libc.unshare(0x10000000))",
                "call(libc.ptrace(16, os.getppid(), 0, 0))",
                "call(libc.sethostname(b'other', 5))",
                "call(libc.syscall(425, 8, 0))",
                "socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 3)",
                "socket.socket(socket.AF_VSOCK, socket.SOCK_STREAM)"
            })
    void rightsCannotBeHad(String attempt) throws Exception {
        String program =
                """
                def f():
                    import ctypes, os, socket
                    libc = ctypes.CDLL(None, use_errno=True)
                    def call(answer):
                        if answer < 0:
                            raise OSError(ctypes.get_errno(), 'refused')
                    try:
                        %s
                        return 'permitted'
                    except OSError as e:
                        return 'refused'
                """
                        .formatted(attempt);

        assertThat(value(program)).isEqualTo("'refused'");
    }

    @Test
    void processesAreBounded() throws Exception {
        assumeThat(limits.isComplete()).isTrue();
        String program =
                """
                def f():
                    import os, time
                    for i in range(%d):
                        try:
                            if os.fork() == 0:
                                time.sleep(600)
                        except OSError:
                            return i
                    return 'no bound'
                """
                        .formatted(2 * MOST_PROCESSES);

        CallResult result = result(sandbox, program);

        // It may have been so many that its memory was short first.
        if (result instanceof CallResult.Succeeded succeeded) {
            assertThat(Integer.parseInt(calls.show(succeeded.bytes()))).isLessThan(MOST_PROCESSES);
        } else {
            assertThat(result).isInstanceOf(CallResult.Died.class);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1, 9", "os.getppid(), 9", "os.getpid(), 9", "os.getppid(), 19"})
    void killingWhatItCanKillsThatSandboxAlone(String whom) throws Exception {
        String program = "def f():\n  import os, time\n  os.kill(" + whom + ")\n  time.sleep(600)";
        try (Sandbox neighbour = next()) {
            var result = sandbox.invoke(calls.of(program, ""), new RecordedLines());
            if (whom.endsWith("19")) {
                // One that is stopped answers nobody; its agent ends it when its time is over.
                assertThat(value(neighbour, "def f(): return 1")).isEqualTo("1");
                sandbox.kill();
            }

            assertThat(result.get(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .isInstanceOf(CallResult.Died.class);
            assertThat(value(neighbour, "def f(): return 'served'")).isEqualTo("'served'");
        }
    }

    /** User code shares a process with what answers its own calls, and no other. */
    @Test
    void answersForOtherCallsAreNobodys() throws Exception {
        String program =
                """
                def f():
                    import os, stat, struct
                    forged = struct.pack('>bqqqbi', 4, 999, 1, 0, 2, 0)
                    for fd in range(3, 64):
                        try:
                            if stat.S_ISSOCK(os.fstat(fd).st_mode):
                                os.write(fd, struct.pack('>i', len(forged)) + forged)
                        except OSError:
                            pass
                    return 'own'
                """;

        assertThat(value(program)).isEqualTo("'own'");
    }

    @Test
    void whatIsNoFrameEndsThatSandboxAlone() throws Exception {
        String program =
                """
                def f():
                    import os, stat
                    for fd in range(3, 64):
                        try:
                            if stat.S_ISSOCK(os.fstat(fd).st_mode):
                                os.write(fd, b'\\xff' * 64)
                        except OSError:
                            pass
                """;

        assertThat(result(sandbox, program)).isInstanceOf(CallResult.Died.class);
    }

    @Test
    void nothingOutlivesItsSandbox() throws Exception {
        // Told apart by how long it would sleep.
        String seconds = "602." + ProcessHandle.current().pid();
        value(
                """
                def f():
                    import os, subprocess
                    if os.fork() == 0:
                        os.setsid()
                        if os.fork() == 0:
                            subprocess.run(['sleep', '%s'])
                        os._exit(0)
                """
                        .formatted(seconds));
        await().atMost(PATIENCE)
                .until(() -> ProcessHandle.allProcesses().anyMatch(each -> has(each, seconds)));

        sandbox.close();

        await().atMost(PATIENCE)
                .until(() -> ProcessHandle.allProcesses().noneMatch(each -> has(each, seconds)));
    }

    private static boolean has(ProcessHandle process, String argument) {
        return process.info().arguments().map(List::of).orElseGet(List::of).contains(argument);
    }

    private String value(String program) throws Exception {
        return value(sandbox, program);
    }

    private static String value(Sandbox sandbox, String program) throws Exception {
        CallResult result = result(sandbox, program);
        assertThat(result).isInstanceOf(CallResult.Succeeded.class);
        return calls.show(((CallResult.Succeeded) result).bytes());
    }

    private static CallResult result(Sandbox sandbox, String program) throws Exception {
        return sandbox.invoke(calls.of(program, ""), new RecordedLines())
                .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }
}
