package dev.athanor.environment.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import dev.athanor.environment.isolation.Isolation;
import dev.athanor.environment.limits.ControlGroups;
import dev.athanor.environment.limits.Limits;
import dev.athanor.environment.limits.NoLimits;
import dev.athanor.environment.sandbox.CallResult.Died;
import dev.athanor.environment.sandbox.CallResult.Succeeded;
import dev.athanor.environment.sandbox.CallResult.Threw;
import dev.athanor.environment.testing.Launchers;
import dev.athanor.environment.testing.PythonCalls;
import dev.athanor.environment.testing.Pythons;
import dev.athanor.environment.testing.RecordedLines;
import dev.athanor.runtime.protocol.RemoteThrowable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Functions in Python, in sandboxes of each kind. */
@ParameterizedClass
@MethodSource("dev.athanor.environment.isolation.Enclosures#here")
class PythonSandboxIT {
    private static final long PATIENCE_SECONDS = 60;

    @TempDir private static Path folder;
    private static PythonCalls calls;

    @Parameter private Isolation isolation;
    private final RecordedLines lines = new RecordedLines();
    private final Limits limits = ControlGroups.find(false);
    private Launchers launchers;
    private Sandbox sandbox;

    @BeforeAll
    static void buildEnvironment() throws InterruptedException {
        Pythons.needUv();
        calls = PythonCalls.in(folder, "pyjokes==0.8.3");
    }

    @BeforeEach
    void launch() throws Exception {
        launchers = new Launchers(isolation, limits.isComplete() ? limits : new NoLimits("a test"));
        sandbox = launchers.launcher().launch(launchers.spec("XS", calls.python()));
    }

    @AfterEach
    void close() throws Exception {
        sandbox.close();
        launchers.close();
    }

    @Test
    void returnsWhatAFunctionReturns() throws Exception {
        assertThat(value("def f(a, b): return {'sum': a + b}", "1, 2")).isEqualTo("{'sum': 3}");
        assertThat(value("f = lambda: (1j, b'x', {1, 2})", "")).isEqualTo("(1j, b'x', {1, 2})");
    }

    @Test
    void requirementsAreThereAndOursAreNot() throws Exception {
        String program =
                """
                def f():
                    import importlib.util, pyjokes, sys
                    ours = [m for m in sys.modules if m.startswith('_athanor')]
                    return pyjokes.__name__, ours, importlib.util.find_spec('_athanor_frames')
                """;

        assertThat(value(program, "")).isEqualTo("('pyjokes', [], None)");
    }

    @Test
    void otherProcessesOfTheFunctionHaveTheRequirementsToo() throws Exception {
        String program =
                """
                def f():
                    import subprocess, sys
                    return [subprocess.run([python, '-c', 'import pyjokes; print(pyjokes.__name__)'],
                                           capture_output=True, text=True).stdout.strip()
                            for python in ('python', sys.executable)]
                """;

        assertThat(value(program, "")).isEqualTo("['pyjokes', 'pyjokes']");
    }

    @Test
    void theWorldIsWhatEverySandboxHas() throws Exception {
        String program =
                """
                def f():
                    import os, tempfile
                    open('written-here', 'w').close()
                    open(os.environ['ATHANOR_DATA'] + '/kept', 'w').close()
                    return (os.environ['HOME'] == os.getcwd() == tempfile.gettempdir(),
                            [v for v in os.environ if 'JAVA' in v or 'UV_' in v])
                """;

        assertThat(value(program, "")).isEqualTo("(True, [])");
        assertThat(launchers.data().resolve("kept")).exists();
    }

    @Test
    void aBundleIsImportedAndSecretsAreVariables() throws Exception {
        Path bundle = launchers.data().resolve("bundle.jar");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(bundle))) {
            zip.putNextEntry(new ZipEntry("own/__init__.py"));
            zip.putNextEntry(new ZipEntry("own/part.py"));
            zip.write("import os\nsecret = os.environ['TOKEN']\n".getBytes(UTF_8));
            zip.closeEntry();
        }
        SandboxSpec spec = launchers.spec("XS", calls.python());
        SandboxSpec whole =
                new SandboxSpec(
                        spec.key(),
                        spec.machineType(),
                        spec.program(),
                        List.of(bundle),
                        spec.dataFolder(),
                        new SecretValues(Map.of("TOKEN", "a secret")),
                        spec.network(),
                        spec.startTimeout());
        try (Sandbox other = launchers.launcher().launch(whole)) {
            CallResult result =
                    ended(
                            other.invoke(
                                    calls.of(
                                            "def f():\n  from own.part import secret; return secret",
                                            ""),
                                    lines));

            assertThat(calls.show(((Succeeded) result).bytes())).isEqualTo("'a secret'");
        }
    }

    /** Another call would get what was written there. */
    @Test
    void itsEnvironmentIsNotChangedByRunning() throws Exception {
        Path packages;
        try (var found =
                Files.find(
                        folder.resolve("environments"),
                        12,
                        (path, attributes) -> path.endsWith("pyjokes/__init__.py"))) {
            packages = found.findFirst().orElseThrow().getParent();
        }

        assertThat(packages.resolve("__pycache__")).isNotEmptyDirectory();
        if (isolation != Isolation.PROCESS) {
            String program =
                    """
                    def f():
                        import pyjokes
                        try:
                            open(pyjokes.__file__, 'a')
                        except OSError as e:
                            return e.errno
                    """;
            assertThat(value(program, "")).isIn("13", "30");
        }
    }

    @Test
    void exceptionsAreDescribedAndPickled() throws Exception {
        String program =
                """
                class Broken(Exception):
                    pass

                def g(x):
                    return 1 // x

                def f():
                    try:
                        g(0)
                    except ZeroDivisionError as e:
                        raise Broken('no luck') from e
                """;

        Threw threw = (Threw) call(program, "");

        RemoteThrowable thrown = threw.throwables().get(0);
        assertThat(thrown.className()).isEqualTo("Broken");
        assertThat(thrown.message()).isEqualTo("no luck");
        assertThat(thrown.frames().get(0).getMethodName()).isEqualTo("f");
        RemoteThrowable cause = threw.throwables().get(thrown.cause());
        assertThat(cause.className()).isEqualTo("ZeroDivisionError");
        assertThat(cause.frames().get(0).getMethodName()).isEqualTo("g");
        assertThat(calls.show(threw.original())).isEqualTo("Broken('no luck')");
        assertThat(threw.outOfMemory()).isFalse();
        assertThat(sandbox.isUsable()).isTrue();
    }

    @Test
    void linesArriveWhileTheFunctionRuns() throws Exception {
        String program =
                """
                def f():
                    import os, sys, time
                    print('hello')
                    print('trouble', file=sys.stderr)
                    while not os.path.exists(os.environ['ATHANOR_DATA'] + '/go'):
                        time.sleep(0.01)
                    os.system('echo from a child')
                """;

        CompletableFuture<CallResult> result = sandbox.invoke(calls.of(program, ""), lines);
        await().atMost(Duration.ofSeconds(PATIENCE_SECONDS)).until(() -> lines.lines().size() == 2);

        assertThat(lines.lines()).containsExactlyInAnyOrder("STDOUT hello", "STDERR trouble");
        Files.createFile(launchers.data().resolve("go"));
        assertThat(ended(result)).isInstanceOf(Succeeded.class);
        assertThat(lines.lines()).contains("STDOUT from a child");
    }

    @Test
    void anExitIsReportedWithTheLinesBefore() throws Exception {
        Died died =
                (Died) call("def f():\n  import os; print('leaving', flush=True); os._exit(3)", "");

        assertThat(died.exit()).isEqualTo(new ExitStatus(3, false));
        assertThat(died.message()).isEqualTo("the sandbox exited with status 3 (os._exit?)");
        assertThat(lines.lines()).containsExactly("STDOUT leaving");
        assertThat(sandbox.isUsable()).isFalse();
    }

    @Test
    void aCrashIsReported() throws Exception {
        Died died = (Died) call("def f():\n  import ctypes; ctypes.string_at(0)", "");

        assertThat(died.exit().signal()).isEqualTo(11);
        assertThat(died.message())
                .isEqualTo("the sandbox crashed with signal 11 (segmentation fault)");
    }

    @Test
    void memoryBeyondTheMachineTypeEndsTheSandboxAndSaysSo() throws Exception {
        assumeThat(limits.isComplete()).isTrue();

        Died died = (Died) call("def f():\n  return len(bytearray(1 << 30))", "");

        assertThat(died.exit().isOutOfMemory()).isTrue();
    }

    @Test
    void aMemoryErrorEndsTheSandboxAndSaysSo() throws Exception {
        Threw threw = (Threw) call("def f():\n  return len(bytearray(1 << 62))", "");

        assertThat(threw.outOfMemory()).isTrue();
        await().atMost(Duration.ofSeconds(PATIENCE_SECONDS)).until(() -> !sandbox.isUsable());
    }

    @Test
    void anEndlessLoopIsCancelledAndTheSandboxServesOn() throws Exception {
        CompletableFuture<CallResult> result =
                sandbox.invoke(calls.of("def f():\n  print('in')\n  while True: pass", ""), lines);
        await().atMost(Duration.ofSeconds(PATIENCE_SECONDS))
                .until(() -> lines.lines().contains("STDOUT in"));

        sandbox.cancel();

        assertThat(((Threw) ended(result)).throwables().get(0).className())
                .isEqualTo("KeyboardInterrupt");
        assertThat(value("def f(): return 'on'", "")).isEqualTo("'on'");
    }

    @Test
    void tooManyThreadsEndTheSandbox() throws Exception {
        // Where the group's limit of processes comes first, starting one fails.
        CallResult result =
                call(
                        """
                        def f():
                            import threading, time
                            threading.stack_size(32768)
                            for _ in range(3000):
                                threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
                            time.sleep(60)
                        """,
                        "");

        if (limits.isComplete()) {
            assertThat(((Threw) result).throwables().get(0).message()).contains("new thread");
        } else {
            assertThat(((Died) result).message()).contains("more than the 2048");
        }
    }

    private CallResult call(String program, String arguments) throws Exception {
        return ended(sandbox.invoke(calls.of(program, arguments), lines));
    }

    private static CallResult ended(CompletableFuture<CallResult> result) throws Exception {
        return result.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    private String value(String program, String arguments) throws Exception {
        CallResult result = call(program, arguments);
        assertThat(result).isInstanceOf(Succeeded.class);
        return calls.show(((Succeeded) result).bytes());
    }
}
