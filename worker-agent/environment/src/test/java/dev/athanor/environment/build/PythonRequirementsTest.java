package dev.athanor.environment.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PythonRequirementsTest {
    private static final String HASH = "0123456789abcdef".repeat(4);

    @Test
    void theirOrderIsKeptAndThePicklerComesLast() {
        assertThat(lines("b", "a==1.0")).containsExactly("b", "a==1.0", "cloudpickle");
    }

    @Test
    void nothingRequiredIsThePickler() {
        assertThat(lines()).containsExactly("cloudpickle");
    }

    @ParameterizedTest
    @ValueSource(strings = {"cloudpickle==3.0.0", "CloudPickle>=2", "cloudpickle"})
    void aPicklerOfTheUsersOwnStands(String requirement) {
        assertThat(lines(requirement)).containsExactly(requirement);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "numpy",
                "numpy>=2,<3",
                "numpy (>=2)",
                "numpy~=2.0; python_version >= '3.10'",
                "uvicorn[standard]",
                "uvicorn [standard, extra] >= 0.20",
                "zope.interface",
                "pyjokes==0.6.0 --hash=sha256:00",
                "pyjokes @ https://example.com/pyjokes-0.6.0-py3-none-any.whl",
                "pyjokes[x]@https://example.com/pyjokes-0.6.0-py3-none-any.whl ; python_version>'3'"
            })
    void pipSpecifiersAreTaken(String requirement) {
        assertThat(lines(requirement)).startsWith(requirement);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-r /etc/passwd",
                "-e .",
                "--editable=/home",
                "--find-links /home",
                "/home/someone/package.whl",
                "./package.whl",
                "../package",
                "file:///home/package.whl",
                "https://example.com/package.whl",
                "git+https://example.com/package.git",
                "pyjokes @ file:///home/package.whl",
                "pyjokes @ git+ssh://example.com/package.git",
                "pyjokes @ http://example.com/package.whl",
                "--index-url http://example.com/simple",
                "two words"
            })
    void whatReachesBeyondPackagesIsRefused(String requirement) {
        assertThatExceptionOfType(BuildFailedException.class)
                .isThrownBy(() -> lines(requirement))
                .withMessageContaining(requirement);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "a\nb",
                "a\r-r /etc/passwd",
                "a\u2028b",
                "a \\",
                "a==${HOME}",
            })
    void whatIsNotOnePlainLineIsRefusedToEverybody(String requirement) {
        for (RepositoryTrust trust : RepositoryTrust.values()) {
            assertThatExceptionOfType(BuildFailedException.class)
                    .isThrownBy(
                            () -> PythonRequirements.of(Definitions.python(requirement), trust));
        }
    }

    @Test
    void theMachinesOwnUserMayNameFolders() {
        assertThat(
                        PythonRequirements.of(
                                        Definitions.python("-e /home/me/project"),
                                        RepositoryTrust.FULL)
                                .lines())
                .containsExactly("-e /home/me/project", "cloudpickle");
    }

    @Test
    void indexesAreOptionsOrRepositories() {
        PythonRequirements requirements =
                PythonRequirements.of(
                        definition(
                                List.of("torch", "--extra-index-url https://one.example/simple"),
                                List.of(
                                        new RepositoryDefinition(
                                                "two", "https://two.example/simple")),
                                Map.of()),
                        RepositoryTrust.LIMITED);

        assertThat(requirements.lines()).containsExactly("torch", "cloudpickle");
        assertThat(requirements.indexes())
                .containsExactly("https://one.example/simple", "https://two.example/simple");
    }

    @Test
    void anIndexWithoutEncryptionIsRefusedWithoutItsPassword() {
        assertThatExceptionOfType(BuildFailedException.class)
                .isThrownBy(() -> lines("--extra-index-url http://me:secret@one.example/simple"))
                .withMessageContaining("***@one.example")
                .withMessageNotContaining("secret");
    }

    @Test
    void pinnedHashesAreVerifiedByUv() {
        assertThat(
                        PythonRequirements.of(
                                        definition(
                                                List.of("pyjokes==0.6.0"),
                                                List.of(),
                                                Map.of("pyjokes==0.6.0", HASH)),
                                        RepositoryTrust.LIMITED)
                                .lines())
                .startsWith("pyjokes==0.6.0 --hash=sha256:" + HASH);
    }

    @Test
    void aHashOfNothingRequiredIsRefused() {
        assertThatExceptionOfType(BuildFailedException.class)
                .isThrownBy(() ->
                        PythonRequirements.of(
                                definition(
                                        List.of("pyjokes==0.6.0"),
                                        List.of(),
                                        Map.of("pyjokes", HASH)),
                                RepositoryTrust.LIMITED))
                .withMessageContaining("a checksum is pinned for pyjokes, which is not among");
    }

    @Test
    void aMalformedHashIsRefused() {
        assertThatExceptionOfType(BuildFailedException.class)
                .isThrownBy(() ->
                        PythonRequirements.of(
                                definition(List.of("a"), List.of(), Map.of("a", "00 --x")),
                                RepositoryTrust.LIMITED))
                .withMessageContaining("is not a SHA-256");
    }

    private static List<String> lines(String... requirements) {
        return PythonRequirements.of(Definitions.python(requirements), RepositoryTrust.LIMITED)
                .lines();
    }

    private static EnvironmentDefinition definition(
            List<String> requirements,
            List<RepositoryDefinition> repositories,
            Map<String, String> checksums) {
        return new EnvironmentDefinition(
                EnvironmentKind.PYTHON, "3.12", requirements, repositories, checksums);
    }
}
