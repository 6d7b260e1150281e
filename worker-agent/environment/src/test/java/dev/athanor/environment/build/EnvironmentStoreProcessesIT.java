package dev.athanor.environment.build;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Shares a store's folder with another process. */
@Timeout(60)
class EnvironmentStoreProcessesIT {
    private static final Duration LONG = Duration.ofSeconds(30);

    @TempDir Path folder;

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final ScriptedBuilder builder = new ScriptedBuilder();
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private Process other;
    private EnvironmentStore store;

    @BeforeEach
    void startBuildInAnotherProcess() throws IOException {
        other =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                KeyHolder.class.getName(),
                                folder.toString(),
                                "a")
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        BufferedReader output = other.inputReader(UTF_8);
        assertThat(output.readLine()).isEqualTo("building");
        store = new EnvironmentStore(folder, builder, new ManualClock());
    }

    @AfterEach
    void close() {
        store.close();
        threads.shutdown();
        other.destroyForcibly();
    }

    @Test
    void oneProcessWaitsForTheOtherAndUsesWhatItBuilt()
            throws IOException, InterruptedException, ExecutionException {
        Future<Environment> waiting =
                threads.submit(() -> store.obtain(Definitions.of("a"), false, LONG, lines::add));
        await().untilAsserted(() ->
                assertThat(lines)
                        .singleElement()
                        .asString()
                        .startsWith("Waiting for another process"));
        assertThat(store.obtain(Definitions.of("b"), false, LONG, text -> {}).classPath())
                .hasSize(1);
        assertThat(waiting).isNotDone();

        other.outputWriter(UTF_8).close();

        assertThat(waiting.get().classPath()).isEmpty();
        assertThat(builder.builds).hasValue(1);
        assertThat(other.waitFor()).isZero();
    }

    @Test
    void theBuildOfAKilledProcessIsTakenOver() throws InterruptedException, ExecutionException {
        Future<Environment> waiting =
                threads.submit(() -> store.obtain(Definitions.of("a"), false, LONG, lines::add));
        await().until(() -> !lines.isEmpty());
        assertThat(folder.resolve("building")).isNotEmptyDirectory();

        other.destroyForcibly();

        assertThat(waiting.get().classPath()).hasSize(1);
        assertThat(folder.resolve("building")).isEmptyDirectory();
    }
}
