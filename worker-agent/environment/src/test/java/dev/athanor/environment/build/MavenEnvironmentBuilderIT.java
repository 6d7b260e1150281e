package dev.athanor.environment.build;

import static dev.athanor.environment.build.Definitions.COMMONS_TEXT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Resolves from the default repository of Maven. */
class MavenEnvironmentBuilderIT {
    private static final Duration LONG = Duration.ofMinutes(3);

    @TempDir static Path localRepository;
    @TempDir Path folder;

    private final ManualClock clock = new ManualClock();
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private MavenEnvironmentBuilder builder;
    private EnvironmentStore store;

    @BeforeEach
    void open() {
        builder = new MavenEnvironmentBuilder(MavenOptions.in(localRepository));
        store = new EnvironmentStore(folder, builder, clock);
    }

    @AfterEach
    void close() {
        store.close();
        builder.close();
    }

    @Test
    void aRequirementComesWithWhatItNeeds() throws IOException, InterruptedException {
        Environment environment = obtain(Definitions.of(COMMONS_TEXT));

        assertThat(names(environment))
                .containsExactly("001-commons-text-1.13.0.jar", "002-commons-lang3-3.17.0.jar");
        assertThat(run(environment, "hello")).isEqualTo("Hello");
        assertThat(lines)
                .contains("Resolving org.apache.commons:commons-text:1.13.0")
                .last()
                .asString()
                .matches("Built environment [0-9a-f]{12} \\(2 jars, .+ m?s\\)");
    }

    @Test
    void downloadsAreLogged(@TempDir Path empty) throws InterruptedException {
        try (MavenEnvironmentBuilder fresh = new MavenEnvironmentBuilder(MavenOptions.in(empty))) {
            assertThat(
                            fresh.build(
                                    Definitions.of("org.slf4j:slf4j-api:2.0.17"),
                                    folder,
                                    lines::add))
                    .hasSize(1);
        }
        assertThat(lines)
                .anyMatch(
                        line -> line.matches("Downloaded org.slf4j:slf4j-api:2.0.17 \\(\\d+ kB\\)"))
                .noneMatch(line -> line.contains("pom"));
    }

    @Test
    void aNewStoreFindsItOnDisk() throws InterruptedException {
        Environment first = obtain(Definitions.of(COMMONS_TEXT));
        store.close();
        EnvironmentBuilder none =
                (definition, place, log) -> {
                    throw new AssertionError("nothing is to be built");
                };
        store = new EnvironmentStore(folder, none, clock);

        assertThat(obtain(Definitions.of(COMMONS_TEXT))).isEqualTo(first);
    }

    @Test
    void conflictingVersionsLieSideBySide() throws InterruptedException {
        Environment newer = obtain(Definitions.of(COMMONS_TEXT));
        Environment older = obtain(Definitions.of("org.apache.commons:commons-text:1.12.0"));

        assertThat(names(older)).contains("001-commons-text-1.12.0.jar");
        assertThat(names(newer)).contains("001-commons-text-1.13.0.jar");
        assertThat(older.classPath()).doesNotContainAnyElementsOf(newer.classPath());
    }

    @Test
    void oneOfTwoVersionsThatDependenciesWantIsChosen() throws InterruptedException {
        Environment environment =
                obtain(Definitions.of("org.apache.commons:commons-lang3:3.14.0", COMMONS_TEXT));

        assertThat(names(environment))
                .containsExactly("001-commons-lang3-3.14.0.jar", "002-commons-text-1.13.0.jar");
    }

    @Test
    void aWrongCoordinateFailsWithTheResolversMessageAndLeavesNothing() throws IOException {
        assertThatExceptionOfType(BuildFailedException.class)
                .isThrownBy(() -> obtain(Definitions.of("org.apache.commons:commons-text:0.0.99")))
                .withMessageContaining(
                        "Could not find artifact org.apache.commons:commons-text:jar:0.0.99 in ")
                .withMessageNotContaining("\n")
                .matches(failure -> !failure.isTimedOut());

        assertThat(list(folder.resolve("environments"))).isEmpty();
        assertThat(list(folder.resolve("building"))).isEmpty();
    }

    @Test
    void pinnedChecksumsAreVerified() throws InterruptedException {
        EnvironmentDefinition wrong =
                Definitions.with(
                        List.of(COMMONS_TEXT), List.of(), Map.of(COMMONS_TEXT, "0".repeat(64)));

        assertThatExceptionOfType(BuildFailedException.class)
                .isThrownBy(() -> obtain(wrong))
                .withMessageStartingWith("checksum of org.apache.commons:commons-text:1.13.0 is ")
                .withMessageContaining("0".repeat(64) + " is pinned")
                .satisfies(failure -> assertThat(obtain(pinned(failure)).classPath()).hasSize(2));
    }

    @Test
    void filesAreLinkedRatherThanCopied() throws IOException, InterruptedException {
        Environment environment = obtain(Definitions.of(COMMONS_TEXT));

        assertThat((Integer) Files.getAttribute(environment.classPath().get(0), "unix:nlink"))
                .isGreaterThan(1);
    }

    /** Pins what the failure says the checksum is. */
    private static EnvironmentDefinition pinned(BuildFailedException failure) {
        String checksum =
                String.valueOf(failure.getMessage())
                        .replaceAll(".* is (\\p{XDigit}{64}), .*", "$1");
        return Definitions.with(List.of(COMMONS_TEXT), List.of(), Map.of(COMMONS_TEXT, checksum));
    }

    private static String run(Environment environment, String text) throws IOException {
        URL[] urls =
                environment.classPath().stream()
                        .map(MavenEnvironmentBuilderIT::url)
                        .toArray(URL[]::new);
        try (URLClassLoader loader =
                new URLClassLoader(urls, ClassLoader.getPlatformClassLoader())) {
            return (String)
                    loader.loadClass("org.apache.commons.text.WordUtils")
                            .getMethod("capitalize", String.class)
                            .invoke(null, text);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(e.getMessage(), e);
        }
    }

    private static URL url(Path file) {
        try {
            return file.toUri().toURL();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private Environment obtain(EnvironmentDefinition definition) throws InterruptedException {
        return store.obtain(definition, false, LONG, lines::add);
    }

    private static List<String> names(Environment environment) {
        return environment.classPath().stream().map(file -> file.getFileName().toString()).toList();
    }

    private static List<Path> list(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }
}
