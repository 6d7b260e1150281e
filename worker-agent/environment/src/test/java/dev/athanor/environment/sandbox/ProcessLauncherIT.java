package dev.athanor.environment.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.athanor.environment.data.NamedData;
import dev.athanor.environment.limits.NoLimits;
import dev.athanor.environment.sandbox.CallResult.Threw;
import dev.athanor.environment.testing.Calls;
import dev.athanor.environment.testing.Launchers;
import dev.athanor.environment.testing.RecordedLines;
import dev.athanor.runtime.protocol.EntryPoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessLauncherIT {

    private Launchers launchers;

    @BeforeEach
    void createFolders() throws IOException {
        launchers = new Launchers();
    }

    /** Fails if a start has left anything behind. */
    @AfterEach
    void removeFolders() throws IOException {
        launchers.close();
    }

    @Test
    void namesAJavaThatIsNotThere() {
        StartFailedException failure = failure(Path.of("/no/such/java"), launchers.spec("S"));

        assertThat(failure.isTimeout()).isFalse();
        assertThat(failure)
                .hasMessageContaining("/no/such/java")
                .hasMessageContaining("java of a JDK 17 or newer");
    }

    @Test
    void saysWhatAJavaPrintedThatDidNotStart(@TempDir Path folder) throws IOException {
        Path broken = script(folder, "echo 'Could not reserve enough space' >&2; exit 1");

        StartFailedException failure = failure(broken, launchers.spec("S"));

        assertThat(failure.isTimeout()).isFalse();
        assertThat(failure)
                .hasMessageContaining("it ended before it was ready")
                .hasMessageContaining("Could not reserve enough space");
    }

    @Test
    void givesUpOnAStartThatTakesTooLong(@TempDir Path folder) throws IOException {
        Path slow = script(folder, "exec sleep 600");

        StartFailedException failure =
                failure(slow, withTimeout(launchers.spec("S"), Duration.ofMillis(300)));

        assertThat(failure.isTimeout()).isTrue();
        assertThat(failure).hasMessageContaining("not ready within PT0.3S");
    }

    @Test
    void namesAClassPathEntryThatIsNotThere() {
        StartFailedException failure =
                failure(
                        ProcessLauncher.ownJava(),
                        launchers.spec("S", List.of(Path.of("/no/such.jar"))));

        assertThat(failure).hasMessageContaining("/no/such.jar");
    }

    @Test
    void namesASocketFolderThatWillNotDo(@TempDir Path folder) {
        Path tooLong = folder.resolve("x".repeat(110));
        ProcessLauncher launcher =
                new ProcessLauncher(
                        ProcessLauncher.ownJava(),
                        ProcessLauncher.ownRuntime(),
                        tooLong,
                        launchers.work(),
                        new NoLimits("a test"),
                        new NamedData("a test"));

        assertThatExceptionOfType(StartFailedException.class)
                .isThrownBy(() -> launcher.launch(launchers.spec("S")))
                .withMessageContaining(tooLong.toString());
    }

    @Test
    @SuppressWarnings("Interruption") // An interrupted start is what is tested.
    void stopsStartingWhenInterrupted(@TempDir Path folder) throws Exception {
        Path slow = script(folder, "touch " + folder.resolve("started") + "; exec sleep 600");
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread starting =
                new Thread(() -> {
                    try {
                        launcher(slow).launch(launchers.spec("S")).close();
                    } catch (InterruptedException | RuntimeException e) {
                        thrown.set(e);
                    }
                });
        starting.start();
        await().until(() -> Files.exists(folder.resolve("started")));

        starting.interrupt();

        starting.join(Duration.ofSeconds(20).toMillis());
        assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
    }

    @Test
    void saysWhatToDoAboutAClassThatAFunctionLacks(@TempDir Path folder) throws Exception {
        Path source = folder.resolve("Uses.java");
        Files.writeString(
                source,
                """
                public class Uses {
                    public static Object run() { return new Missing(); }
                }
                class Missing {}
                """);
        ToolProvider.getSystemJavaCompiler()
                .run(null, null, null, "-d", folder.toString(), source.toString());
        Files.delete(folder.resolve("Missing.class"));

        try (Sandbox sandbox = launchers.launcher().launch(launchers.spec("S", List.of(folder)))) {
            EntryPoint run = new EntryPoint("Uses", "run", "()Ljava/lang/Object;", 6);
            Threw threw = (Threw) sandbox.invoke(Calls.of(run, 1_000), new RecordedLines()).get();

            assertThat(threw.throwables().get(0).className())
                    .isEqualTo("java.lang.NoClassDefFoundError");
            assertThat(threw.throwables().get(0).message())
                    .contains("Missing", "requirement", "include(…)");
        }
    }

    @Test
    void keepsOthersOutOfTheSocketFolder() throws IOException {
        assertThat(
                        PosixFilePermissions.toString(
                                Files.getPosixFilePermissions(launchers.sockets())))
                .isEqualTo("rwx------");
        assertThat(launchers.sockets().toString().length()).isLessThan(90);
    }

    private StartFailedException failure(Path java, SandboxSpec spec) {
        return catchThrowableOfType(
                StartFailedException.class, () -> launcher(java).launch(spec).close());
    }

    private ProcessLauncher launcher(Path java) {
        return new ProcessLauncher(
                java,
                ProcessLauncher.ownRuntime(),
                launchers.sockets(),
                launchers.work(),
                new NoLimits("a test"),
                new NamedData("a test"));
    }

    private static SandboxSpec withTimeout(SandboxSpec spec, Duration timeout) {
        return new SandboxSpec(
                spec.key(), spec.machineType(), spec.classPath(), spec.dataFolder(), timeout);
    }

    private static Path script(Path folder, String body) throws IOException {
        Path script = folder.resolve("java");
        Files.writeString(script, "#!/bin/sh\n" + body + "\n");
        return Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
    }
}
