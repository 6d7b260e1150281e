package dev.athanor.environment.build;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.athanor.environment.testing.Pythons;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Installs from the Python Package Index. */
class PythonEnvironmentBuilderIT {
    private static final Duration LONG = Duration.ofMinutes(3);

    @TempDir static Path cache;
    @TempDir Path folder;

    private final List<String> lines = new CopyOnWriteArrayList<>();
    private EnvironmentStore store;

    @BeforeAll
    static void needUv() {
        Pythons.needUv();
    }

    @BeforeEach
    void open() {
        store = store(System.getenv());
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void aRequirementIsInstalledBesideThePickler() throws Exception {
        Environment environment = obtain(Definitions.python("pyjokes==0.8.3"));

        assertThat(run(environment, "import pyjokes, cloudpickle; print(pyjokes.__name__)"))
                .isEqualTo("pyjokes");
        assertThat(lines)
                .contains("+ pyjokes==0.8.3")
                .last()
                .asString()
                .matches("Built environment [0-9a-f]{12} \\(.+ m?s\\)");
    }

    @Test
    void theCallersVersionOfPythonIsUsed() throws Exception {
        String version = Pythons.minorVersion();
        EnvironmentDefinition definition =
                new EnvironmentDefinition(
                        EnvironmentKind.PYTHON, version, List.of(), List.of(), Map.of());

        assertThat(run(obtain(definition), "import sys; print('%d.%d' % sys.version_info[:2])"))
                .isEqualTo(version);
    }

    @ParameterizedTest
    @ValueSource(strings = {"3.9", "2.7", "/bin/sh", "--help", "3.12; x", "cpython"})
    void whatIsNoVersionOfPythonIsRefused(String version) {
        EnvironmentDefinition definition =
                new EnvironmentDefinition(
                        EnvironmentKind.PYTHON, version, List.of(), List.of(), Map.of());

        assertThatExceptionOfType(BuildFailedException.class)
                .isThrownBy(() -> obtain(definition))
                .withMessageContaining(version);
    }

    @Test
    void aVersionOfPythonThatIsNotThereIsNamed() {
        store.close();
        store = store(with(Map.of("UV_PYTHON_DOWNLOADS", "never")));
        EnvironmentDefinition definition =
                new EnvironmentDefinition(
                        EnvironmentKind.PYTHON, "3.99", List.of(), List.of(), Map.of());

        assertThatExceptionOfType(BuildFailedException.class)
                .isThrownBy(() -> obtain(definition))
                .withMessageStartingWith("there is no Python 3.99 for the environment: ")
                .withMessageNotContaining("\n");
    }

    @Test
    void aWrongRequirementFailsWithTheMessageOfUvAndLeavesNothing() throws IOException {
        assertThatExceptionOfType(BuildFailedException.class)
                .isThrownBy(() -> obtain(Definitions.python("pyjokes==99.0")))
                .withMessageStartingWith("No solution found when resolving dependencies: Because ")
                .withMessageContaining("pyjokes==99.0")
                .withMessageNotContaining("\n")
                .matches(failure -> !failure.isTimedOut());

        assertThat(list(folder.resolve("environments"))).isEmpty();
        assertThat(list(folder.resolve("building"))).isEmpty();
    }

    @Test
    void aWrongHashFails() {
        EnvironmentDefinition pinned =
                new EnvironmentDefinition(
                        EnvironmentKind.PYTHON,
                        "",
                        List.of("pyjokes==0.8.3"),
                        List.of(),
                        Map.of("pyjokes==0.8.3", "0".repeat(64)));

        assertThatExceptionOfType(BuildFailedException.class)
                .isThrownBy(() -> obtain(pinned))
                .withMessageContaining("Hash mismatch for `pyjokes==0.8.3`");
    }

    /** Building it would run its setup.py here. */
    @Test
    void aSourceDistributionIsNotBuiltForStrangers() {
        assertThatExceptionOfType(BuildFailedException.class)
                .isThrownBy(() -> obtain(Definitions.python("docopt==0.6.2")))
                .withMessageContaining("has no usable wheels");
    }

    /** Python runs such files at its start: in a sandbox, but not here. */
    @Test
    void codeOfPackagesIsNotRunByBuilding(@TempDir Path other) throws Exception {
        Path marker = other.resolve("marker");
        Path wheel = other.resolve("evil-1.0-py3-none-any.whl");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(wheel))) {
            add(zip, "evil.pth", "import os; open('" + marker + "', 'w').close()\n");
            add(zip, "evil.py", "value = 7\n");
            String metadata = "evil-1.0.dist-info/";
            add(zip, metadata + "METADATA", "Metadata-Version: 2.1\nName: evil\nVersion: 1.0\n");
            add(
                    zip,
                    metadata + "WHEEL",
                    "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n");
            add(
                    zip,
                    metadata + "RECORD",
                    "evil.pth,,\nevil.py,,\n" + metadata + "METADATA,,\n" + metadata + "WHEEL,,\n");
        }
        store.close();
        store =
                new EnvironmentStore(
                        folder,
                        new PythonEnvironmentBuilder(cache, RepositoryTrust.FULL, System.getenv()),
                        new ManualClock());

        Environment environment = obtain(Definitions.python("evil @ file://" + wheel));

        assertThat(marker).doesNotExist();
        assertThat(run(environment, "import evil; print(evil.value)")).isEqualTo("7");
        assertThat(marker).exists();
    }

    private static void add(ZipOutputStream zip, String name, String text) throws IOException {
        zip.putNextEntry(new ZipEntry(name));
        zip.write(text.getBytes(UTF_8));
        zip.closeEntry();
    }

    @Test
    void anEnvironmentThatIsBuiltAnewIsTheFormerWhereNothingHasChanged() throws Exception {
        Environment former = obtain(Definitions.python("pyjokes==0.8.3"));

        Environment again =
                store.obtain(Definitions.python("pyjokes==0.8.3"), true, LONG, lines::add);

        assertThat(again).isEqualTo(former);
    }

    @Test
    void filesAreLinkedRatherThanCopied() throws Exception {
        Environment environment = obtain(Definitions.python("pyjokes==0.8.3"));

        String file = run(environment, "import pyjokes; print(pyjokes.__file__)");

        assertThat((Integer) Files.getAttribute(Path.of(file), "unix:nlink")).isGreaterThan(1);
    }

    @Test
    void aMissingUvIsNamedWithItsRemedy() {
        store.close();
        store = store(with(Map.of("PATH", "/nowhere:.")));

        assertThatExceptionOfType(BuildFailedException.class)
                .isThrownBy(() -> obtain(Definitions.python("pyjokes")))
                .withMessage(
                        "Python environments need uv, which is not on this agent's PATH: pip"
                                + " install uv");
    }

    /** The index is one that accepts connections and never answers. */
    @Test
    void aBuildThatTakesTooLongIsStopped() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            store.close();
            store =
                    store(
                            with(
                                    Map.of(
                                            "UV_DEFAULT_INDEX",
                                            "http://127.0.0.1:" + silent.getLocalPort() + "/")));

            assertThatExceptionOfType(BuildFailedException.class)
                    .isThrownBy(() ->
                            store.obtain(
                                    Definitions.python("athanor-nothing"),
                                    false,
                                    Duration.ofSeconds(5),
                                    lines::add))
                    .matches(BuildFailedException::isTimedOut);
            store.close();
        }
        assertThat(ProcessHandle.current().descendants())
                .noneMatch(each -> each.info().command().orElse("").endsWith("/uv"));
        assertThat(list(folder.resolve("building"))).isEmpty();
    }

    private EnvironmentStore store(Map<String, String> variables) {
        return new EnvironmentStore(
                folder,
                new PythonEnvironmentBuilder(cache, RepositoryTrust.LIMITED, variables),
                new ManualClock());
    }

    private static Map<String, String> with(Map<String, String> variables) {
        Map<String, String> all = new HashMap<>(System.getenv());
        all.putAll(variables);
        return all;
    }

    private Environment obtain(EnvironmentDefinition definition) throws InterruptedException {
        return store.obtain(definition, false, LONG, lines::add);
    }

    private static String run(Environment environment, String program)
            throws IOException, InterruptedException {
        return Pythons.run(environment.interpreter().toString(), program).strip();
    }

    private static List<Path> list(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }
}
