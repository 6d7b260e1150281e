package dev.athanor.environment.build;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EnvironmentStoreTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Duration FOREVER = Duration.ofSeconds(Long.MAX_VALUE);

    @TempDir Path folder;

    private final ManualClock clock = new ManualClock();
    private final ScriptedBuilder builder = new ScriptedBuilder();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private EnvironmentStore store;

    @BeforeEach
    void open() {
        store = new EnvironmentStore(folder, builder, clock);
    }

    @AfterEach
    void close() {
        store.close();
        threads.shutdown();
    }

    @Test
    void nothingIsBuiltWithoutRequirements() throws InterruptedException {
        EnvironmentDefinition none = Definitions.of();

        assertThat(obtain(none).classPath()).isEmpty();
        assertThat(store.existing(none)).contains(new Environment(none.key(), List.of()));
        assertThat(builder.builds).hasValue(0);
        assertThat(lines).isEmpty();
    }

    @Test
    void theClassPathFollowsTheRequirements() throws IOException, InterruptedException {
        Environment environment = obtain(Definitions.of("b", "a"));

        assertThat(environment.classPath())
                .allMatch(Path::isAbsolute)
                .extracting(file -> file.getFileName().toString())
                .containsExactly("b.jar", "a.jar");
        assertThat(environment.classPath()).allMatch(Files::isRegularFile);
        assertThat(lines)
                .startsWith("Building [b, a]", "Writing files")
                .last()
                .asString()
                .matches("Built environment [0-9a-f]{12} \\(2 jars, .+ m?s\\)");
        assertThat(list("building")).isEmpty();
    }

    @Test
    void aSecondCallerGetsTheSameWithoutABuild() throws InterruptedException {
        Environment first = obtain(Definitions.of("a"));
        lines.clear();

        assertThat(obtain(Definitions.of("a"))).isEqualTo(first);
        assertThat(store.existing(Definitions.of("a"))).contains(first);
        assertThat(builder.builds).hasValue(1);
        assertThat(lines).isEmpty();
    }

    @Test
    void anotherStoreFindsItOnDisk() throws InterruptedException {
        Environment first = obtain(Definitions.of("a"));
        reopen();

        assertThat(store.existing(Definitions.of("a"))).isEmpty();
        assertThat(obtain(Definitions.of("a"))).isEqualTo(first);
        assertThat(store.existing(Definitions.of("a"))).contains(first);
        assertThat(builder.builds).hasValue(1);
    }

    @Test
    void aFailureIsRepeatedForThirtySeconds() throws InterruptedException {
        builder.failure = "no such thing";
        assertFails(Definitions.of("a"), "no such thing");
        builder.failure = "";

        clock.advance(Duration.ofMillis(29_999));
        assertFails(Definitions.of("a"), "no such thing");
        assertThat(builder.builds).hasValue(1);
        assertThat(obtain(Definitions.of("b")).classPath()).hasSize(1);

        clock.advance(Duration.ofMillis(1));
        assertThat(obtain(Definitions.of("a")).classPath()).hasSize(1);
        assertThat(builder.builds).hasValue(3);
    }

    @Test
    void aFailureStopsRebuildsToo() throws Exception {
        builder.failure = "no such thing";
        assertFails(Definitions.of("a"), "no such thing");

        assertThatThrownBy(() -> store.obtain(Definitions.of("a"), true, LONG, lines::add))
                .hasMessage("no such thing");
        assertThat(builder.builds).hasValue(1);
    }

    @Test
    void aFailedBuildLeavesNothing() throws Exception {
        builder.failure = "no such thing";
        assertFails(Definitions.of("a"), "no such thing");

        assertThat(list("building")).isEmpty();
        assertThat(list("environments")).isEmpty();
        assertThat(store.existing(Definitions.of("a"))).isEmpty();
    }

    @Test
    void aBuilderThatBreaksIsAFailureWithItsCause() {
        store.close();
        EnvironmentBuilder broken =
                (definition, place, log) -> {
                    throw new StackOverflowError("deep");
                };
        store = new EnvironmentStore(folder, broken, clock);

        assertThatExceptionOfType(BuildFailedException.class)
                .isThrownBy(() -> obtain(Definitions.of("a")))
                .withMessageContaining("deep")
                .withCauseInstanceOf(StackOverflowError.class);
    }

    @Test
    void eightCallersOfOneKeyShareABuildWhileAnotherKeyIsNotBlocked()
            throws ExecutionException, InterruptedException {
        CountDownLatch gate = builder.hold("a");
        List<List<String>> logs = new ArrayList<>();
        List<Future<Environment>> callers = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            List<String> log = new CopyOnWriteArrayList<>();
            logs.add(log);
            callers.add(
                    threads.submit(() -> store.obtain(Definitions.of("a"), false, LONG, log::add)));
        }
        await().until(() -> logs.stream().allMatch(log -> log.contains("Building [a]")));

        assertThat(obtain(Definitions.of("b")).classPath()).hasSize(1);

        gate.countDown();
        for (Future<Environment> caller : callers) {
            assertThat(caller.get().classPath()).hasSize(1);
        }
        assertThat(builder.builds).hasValue(2);
        assertThat(logs).allMatch(log -> log.equals(logs.get(0)));
        assertThat(logs.get(0)).hasSize(3);
    }

    @Test
    void aListenerThatThrowsFailsItsOwnCallerOnly()
            throws ExecutionException, InterruptedException {
        CountDownLatch gate = builder.hold("a");
        Future<Environment> patient =
                threads.submit(() -> store.obtain(Definitions.of("a"), false, LONG, lines::add));
        await().until(() -> lines.contains("Building [a]"));

        BuildLog throwing =
                text -> {
                    throw new UnsupportedOperationException("my listener");
                };
        assertThatThrownBy(() -> store.obtain(Definitions.of("a"), false, LONG, throwing))
                .hasMessage("my listener");

        gate.countDown();
        assertThat(patient.get().classPath()).hasSize(1);
    }

    @Test
    void whoRunsOutOfTimeLeavesTheBuildToThoseWhoHaveSome()
            throws ExecutionException, InterruptedException {
        CountDownLatch gate = builder.hold("a");
        Future<Environment> patient =
                threads.submit(() -> store.obtain(Definitions.of("a"), false, FOREVER, lines::add));
        await().until(() -> lines.contains("Building [a]"));

        assertThatExceptionOfType(BuildFailedException.class)
                .isThrownBy(() -> obtain(Definitions.of("a"), Duration.ofMillis(50)))
                .withMessageContaining("was not built within 50 ms")
                .withMessageContaining("its last line was: Building [a]")
                .matches(BuildFailedException::isTimedOut);

        gate.countDown();
        assertThat(patient.get().classPath()).hasSize(1);
        assertThat(builder.interrupted).hasValue(0);
    }

    @Test
    void aBuildThatNobodyWaitsForIsStoppedAndNotRemembered() throws InterruptedException {
        CountDownLatch gate = builder.hold("a");
        assertThatExceptionOfType(BuildFailedException.class)
                .isThrownBy(() -> obtain(Definitions.of("a"), Duration.ofMillis(50)))
                .matches(BuildFailedException::isTimedOut);
        await().untilAsserted(() -> assertThat(builder.interrupted).hasValue(1));
        await().untilAsserted(() -> assertThat(list("building")).isEmpty());

        gate.countDown();
        assertThat(obtain(Definitions.of("a")).classPath()).hasSize(1);
        assertThat(builder.mostAtOnce).isEqualTo(1);
    }

    @Test
    void anInterruptedCallerStopsItsBuild() throws Exception {
        builder.hold("a");
        Future<Environment> caller =
                threads.submit(() -> store.obtain(Definitions.of("a"), false, LONG, lines::add));
        await().until(() -> lines.contains("Building [a]"));

        threads.shutdownNow();

        assertThatThrownBy(caller::get).hasCauseInstanceOf(InterruptedException.class);
        await().untilAsserted(() -> assertThat(builder.interrupted).hasValue(1));
    }

    @Test
    void aDeletedEnvironmentIsBuiltAgain() throws IOException, InterruptedException {
        Environment first = obtain(Definitions.of("a", "b"));
        EnvironmentFolders.delete(first.classPath().get(0).getParent());
        assertThat(store.existing(Definitions.of("a", "b"))).contains(first);

        clock.advance(Duration.ofSeconds(1));

        assertThat(store.existing(Definitions.of("a", "b"))).isEmpty();
        assertThat(obtain(Definitions.of("a", "b")).classPath()).allMatch(Files::exists);
        assertThat(builder.builds).hasValue(2);
    }

    @Test
    void aHalfDeletedEnvironmentIsBuiltAgain() throws IOException, InterruptedException {
        Environment first = obtain(Definitions.of("a", "b"));
        Files.delete(first.classPath().get(1));

        assertThat(obtain(Definitions.of("a", "b")).classPath()).allMatch(Files::exists);
        assertThat(builder.builds).hasValue(2);
    }

    @Test
    void anEnvironmentWithATruncatedFileIsBuiltAgain() throws IOException, InterruptedException {
        Environment first = obtain(Definitions.of("a"));
        Files.writeString(first.classPath().get(0), "", UTF_8);
        reopen();

        assertThat(obtain(Definitions.of("a")).classPath().get(0)).hasContent("content");
    }

    @Test
    void anEnvironmentWithoutItsManifestIsBuiltAgain() throws IOException, InterruptedException {
        Environment first = obtain(Definitions.of("a"));
        Files.delete(first.classPath().get(0).resolveSibling("class-path.tsv"));
        reopen();

        assertThat(obtain(Definitions.of("a")).classPath()).allMatch(Files::exists);
        assertThat(builder.builds).hasValue(2);
    }

    @Test
    void aRebuildLeavesTheFormerToItsReaders() throws InterruptedException {
        Environment first = obtain(Definitions.of("a"));
        builder.content = "anew";
        Environment second = rebuild(Definitions.of("a"));

        assertThat(first.classPath().get(0)).hasContent("content");
        assertThat(second.classPath().get(0)).hasContent("anew");
        assertThat(obtain(Definitions.of("a"))).isEqualTo(second);
        assertThat(store.existing(Definitions.of("a"))).contains(second);
        reopen();
        assertThat(obtain(Definitions.of("a"))).isEqualTo(second);
    }

    @Test
    void aRebuildThatChangesNothingKeepsTheFormer() throws IOException, InterruptedException {
        Environment first = obtain(Definitions.of("a"));

        assertThat(rebuild(Definitions.of("a"))).isEqualTo(first);
        assertThat(builder.builds).hasValue(2);
        assertThat(list("building")).isEmpty();
    }

    @Test
    void aFailedRebuildLeavesTheFormer() throws InterruptedException {
        Environment first = obtain(Definitions.of("a"));
        builder.failure = "no such thing";
        assertThatThrownBy(() -> rebuild(Definitions.of("a"))).hasMessage("no such thing");

        assertThat(obtain(Definitions.of("a"))).isEqualTo(first);
    }

    @Test
    void supersededEnvironmentsAreDeletedAfterADay() throws InterruptedException {
        Environment first = obtain(Definitions.of("a"));
        builder.content = "second";
        Environment second = rebuild(Definitions.of("a"));
        builder.content = "third";
        rebuild(Definitions.of("a"));
        assertThat(first.classPath().get(0)).exists();

        reopenAt(InstantSource.offset(InstantSource.system(), Duration.ofHours(25)));
        builder.content = "fourth";
        rebuild(Definitions.of("a"));

        assertThat(first.classPath().get(0)).doesNotExist();
        assertThat(second.classPath().get(0)).doesNotExist();
    }

    @Test
    void whatAKilledBuildLeftIsDeleted() throws Exception {
        String key = Definitions.of("a").key().hex();
        Path left = Files.createDirectories(folder.resolve("building").resolve(key + "-left/lib"));
        Files.writeString(left.resolve("half.jar"), "half", UTF_8);
        Files.createDirectories(folder.resolve("building").resolve("something else"));
        reopen();

        assertThat(list("building")).containsExactly("something else");
    }

    @Test
    void whatAKilledBuildLeftDoesNotDisturbTheNext() throws IOException, InterruptedException {
        String key = Definitions.of("a").key().hex();
        Files.createDirectories(folder.resolve("building").resolve(key + "-left"));

        assertThat(obtain(Definitions.of("a")).classPath()).hasSize(1);
        assertThat(list("building")).isEmpty();
    }

    @Test
    void closingStopsBuilds() throws Exception {
        builder.hold("a");
        Future<Environment> caller =
                threads.submit(() -> store.obtain(Definitions.of("a"), false, LONG, lines::add));
        await().until(() -> lines.contains("Building [a]"));

        store.close();

        assertThatThrownBy(caller::get)
                .hasCauseInstanceOf(BuildFailedException.class)
                .hasMessageContaining("was stopped");
        assertThat(builder.interrupted).hasValue(1);
        assertThatIllegalStateException()
                .isThrownBy(() -> obtain(Definitions.of("b")))
                .withMessageContaining("closed");
    }

    @Test
    void aFolderBelongsToOneStoreOfAProcess() {
        assertThatIllegalStateException()
                .isThrownBy(() -> new EnvironmentStore(folder, builder, clock))
                .withMessageContaining("share that one");
    }

    @Test
    void aFolderThatCannotBeMadeIsRefused() throws Exception {
        Path file = Files.createFile(folder.resolve("file"));

        assertThatExceptionOfType(UncheckedIOException.class)
                .isThrownBy(() -> new EnvironmentStore(file, builder, clock))
                .withMessageContaining("give a writable folder");
    }

    private Environment obtain(EnvironmentDefinition definition) throws InterruptedException {
        return obtain(definition, LONG);
    }

    private Environment obtain(EnvironmentDefinition definition, Duration timeout)
            throws InterruptedException {
        return store.obtain(definition, false, timeout, lines::add);
    }

    private Environment rebuild(EnvironmentDefinition definition) throws InterruptedException {
        return store.obtain(definition, true, LONG, lines::add);
    }

    private void assertFails(EnvironmentDefinition definition, String message) {
        assertThatExceptionOfType(BuildFailedException.class)
                .isThrownBy(() -> obtain(definition))
                .withMessage(message)
                .matches(failure -> !failure.isTimedOut());
    }

    private void reopen() {
        reopenAt(clock);
    }

    private void reopenAt(InstantSource time) {
        store.close();
        store = new EnvironmentStore(folder, builder, time);
    }

    private List<String> list(String name) throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve(name))) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
