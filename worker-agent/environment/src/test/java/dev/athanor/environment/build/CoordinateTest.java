package dev.athanor.environment.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CoordinateTest {
    @Test
    void threePartsAreAJar() {
        assertThat(Coordinate.parse("g.h:a-b:1.0"))
                .isEqualTo(new Coordinate("g.h", "a-b", "jar", "", "1.0"));
    }

    @Test
    void fourPartsNameTheExtension() {
        assertThat(Coordinate.parse("g:a:zip:1.0"))
                .isEqualTo(new Coordinate("g", "a", "zip", "", "1.0"));
    }

    @Test
    void fivePartsNameTheClassifierToo() {
        assertThat(Coordinate.parse("g:a:jar:linux-x86_64:1.0-SNAPSHOT"))
                .isEqualTo(new Coordinate("g", "a", "jar", "linux-x86_64", "1.0-SNAPSHOT"));
    }

    @Test
    void versionRangesAreVersions() {
        assertThat(Coordinate.parse("g:a:[1.0,2.0)").version()).isEqualTo("[1.0,2.0)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"g:a:1.0", "g:a:zip:1.0", "g:a:jar:tests:1.0"})
    void theShortestFormIsPrinted(String text) {
        assertThat(Coordinate.parse(text)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "commons-text",
                "org.apache.commons:commons-text",
                "g:a:",
                ":a:1",
                "g::1",
                "g:a:b:c:d:1",
                " g:a:1",
                "g:a:1 ",
                "g:a: 1",
                "g:a:1\n",
                "g:a:../../1",
                "g:..:1",
                "g:a:..",
                "g:a/b:1",
                "g:a:${env.SECRET}",
                "g:a==1",
                "requests>=2"
            })
    void anythingElseIsRefusedWithTheExpectedForms(String text) {
        assertThatExceptionOfType(BuildFailedException.class)
                .isThrownBy(() -> Coordinate.parse(text))
                .withMessageContaining("\"" + text + "\"")
                .withMessageContaining("group:artifact:version")
                .withMessageContaining("org.apache.commons:commons-text:1.13.0");
    }
}
