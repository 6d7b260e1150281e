package dev.athanor.environment.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class EnvironmentDefinitionTest {
    private static final RepositoryDefinition ONE = new RepositoryDefinition("one", "https://a/b");
    private static final RepositoryDefinition TWO = new RepositoryDefinition("two", "https://c/d");

    @Test
    void everyComponentIsPartOfTheKey() {
        List<EnvironmentDefinition> different =
                List.of(
                        of(EnvironmentKind.JVM, "", List.of("a"), List.of(), Map.of()),
                        of(EnvironmentKind.PYTHON, "", List.of("a"), List.of(), Map.of()),
                        of(EnvironmentKind.JVM, "25", List.of("a"), List.of(), Map.of()),
                        of(EnvironmentKind.JVM, "", List.of("b"), List.of(), Map.of()),
                        of(EnvironmentKind.JVM, "", List.of("a"), List.of(ONE), Map.of()),
                        of(
                                EnvironmentKind.JVM,
                                "",
                                List.of("a"),
                                List.of(new RepositoryDefinition("one", "https://a/c")),
                                Map.of()),
                        of(
                                EnvironmentKind.JVM,
                                "",
                                List.of("a"),
                                List.of(new RepositoryDefinition("two", "https://a/b")),
                                Map.of()),
                        of(EnvironmentKind.JVM, "", List.of("a"), List.of(), Map.of("a", "1")),
                        of(EnvironmentKind.JVM, "", List.of("a"), List.of(), Map.of("a", "2")),
                        of(EnvironmentKind.JVM, "", List.of("a"), List.of(), Map.of("b", "1")));

        assertThat(different.stream().map(EnvironmentDefinition::key)).doesNotHaveDuplicates();
    }

    @Test
    void orderOfRequirementsAndRepositoriesCounts() {
        assertThat(jvm(List.of("a", "b"), List.of()).key())
                .isNotEqualTo(jvm(List.of("b", "a"), List.of()).key());
        assertThat(jvm(List.of("a"), List.of(ONE, TWO)).key())
                .isNotEqualTo(jvm(List.of("a"), List.of(TWO, ONE)).key());
    }

    @Test
    void textDoesNotRunTogether() {
        assertThat(
                        Stream.of(
                                        jvm(List.of("ab", "c"), List.of()),
                                        jvm(List.of("a", "bc"), List.of()),
                                        jvm(List.of("abc"), List.of()),
                                        jvm(List.of("abc", ""), List.of()),
                                        jvm(List.of("", "abc"), List.of()))
                                .map(EnvironmentDefinition::key))
                .doesNotHaveDuplicates();
    }

    @Test
    void orderOfChecksumsDoesNotCount() {
        Map<String, String> forth = new LinkedHashMap<>();
        forth.put("a", "1");
        forth.put("b", "2");
        Map<String, String> back = new LinkedHashMap<>();
        back.put("b", "2");
        back.put("a", "1");

        assertThat(of(EnvironmentKind.JVM, "", List.of("a"), List.of(), forth).key())
                .isEqualTo(of(EnvironmentKind.JVM, "", List.of("a"), List.of(), back).key());
    }

    @Test
    void keysOfEarlierVersionsStillHold() {
        assertThat(Definitions.of(Definitions.COMMONS_TEXT).key().hex())
                .isEqualTo("667e4fa3496d69728ebde93bceaad795360a119424eb9e8e1f8e756d476eae88");
    }

    @Test
    void keysAreSixtyFourDigits() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new EnvironmentKey("../../etc"))
                .withMessageContaining("64 lower-case hexadecimal digits");
    }

    private static EnvironmentDefinition jvm(
            List<String> requirements, List<RepositoryDefinition> repositories) {
        return of(EnvironmentKind.JVM, "", requirements, repositories, Map.of());
    }

    private static EnvironmentDefinition of(
            EnvironmentKind kind,
            String version,
            List<String> requirements,
            List<RepositoryDefinition> repositories,
            Map<String, String> checksums) {
        return new EnvironmentDefinition(kind, version, requirements, repositories, checksums);
    }
}
