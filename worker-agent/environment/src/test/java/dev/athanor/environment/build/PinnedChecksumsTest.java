package dev.athanor.environment.build;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PinnedChecksumsTest {
    private static final String OF_ABC =
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    @TempDir Path folder;
    private Map<Coordinate, Path> files = Map.of();

    @BeforeEach
    void writeFile() throws IOException {
        files =
                Map.of(
                        Coordinate.parse("g:a:1"),
                        Files.writeString(folder.resolve("a.jar"), "abc", UTF_8));
    }

    @Test
    void theRightChecksumPassesInEitherCaseAndForm() {
        assertThatCode(() -> new PinnedChecksums(Map.of("g:a:1", OF_ABC)).check(files))
                .doesNotThrowAnyException();
        assertThatCode(() ->
                        new PinnedChecksums(Map.of("g:a:jar:1", OF_ABC.toUpperCase(Locale.ROOT)))
                                .check(files))
                .doesNotThrowAnyException();
    }

    @Test
    void anotherChecksumIsRefusedWithBoth() {
        String other = "0".repeat(64);

        assertThatExceptionOfType(BuildFailedException.class)
                .isThrownBy(() -> new PinnedChecksums(Map.of("g:a:1", other)).check(files))
                .withMessageContaining("g:a:1")
                .withMessageContaining(OF_ABC)
                .withMessageContaining(other);
    }

    @Test
    void aPinOfNothingIsRefused() {
        assertThatExceptionOfType(BuildFailedException.class)
                .isThrownBy(() -> new PinnedChecksums(Map.of("g:b:1", OF_ABC)).check(files))
                .withMessageContaining("g:b:1, which is not among the resolved artifacts [g:a:1]");
    }

    @Test
    void whatIsNoChecksumIsRefused() {
        assertThatExceptionOfType(BuildFailedException.class)
                .isThrownBy(() -> new PinnedChecksums(Map.of("g:a:1", "abc")))
                .withMessageContaining("write 64 hexadecimal digits");
        assertThatExceptionOfType(BuildFailedException.class)
                .isThrownBy(() -> new PinnedChecksums(Map.of("g", OF_ABC)))
                .withMessageContaining("group:artifact:version");
    }
}
